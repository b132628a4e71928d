import { Column, Entity, PrimaryColumn } from 'typeorm';

/** A secret of the server itself, made by the migration: the same for every process of one database. */
@Entity({ schema: 'specline', name: 'server_secret' })
export class ServerSecret {
  @PrimaryColumn('text')
  readonly name!: string;

  @Column('text')
  readonly value!: string;
}
