#!/usr/bin/env bash
# Runs one Kafka broker in FOLDER, which holds its server.properties, as long as standard input stays open: whoever
# starts it cannot leave it behind, not even by being killed. A line on standard input ends the broker and keeps the
# folder: `stop` lets it shut down in order, `kill` does not. The end of input ends it and removes the folder.
#   run-broker.sh CLASSPATH FOLDER
set -uo pipefail
classpath=$1 folder=$2
java=(java -Xmx384m -XX:+UseSerialGC -XX:TieredStopAtLevel=1 -Dorg.slf4j.simpleLogger.defaultLogLevel=warn -cp "$classpath")

if [ ! -d "$folder/data" ]; then
  words=()
  [ ! -f "$folder/format-words" ] || mapfile -t words <"$folder/format-words"
  cluster=$("${java[@]}" kafka.tools.StorageTool random-uuid 2>>"$folder/broker.log") &&
    "${java[@]}" kafka.tools.StorageTool format --cluster-id "$cluster" --config "$folder/server.properties" \
      "${words[@]}" >>"$folder/broker.log" 2>&1 || exit 1
fi

"${java[@]}" kafka.Kafka "$folder/server.properties" >>"$folder/broker.log" 2>&1 &
broker=$!
word=ended
# A read that takes longer than a second ends with a code above 128; the broker may have ended by itself meanwhile.
while kill -0 "$broker" 2>/dev/null; do
  read -t 1 -r word && break
  [ $? -gt 128 ] || break
  word=ended
done
[ "$word" = kill ] || kill -TERM "$broker" 2>/dev/null
[ "$word" = kill ] || for _ in $(seq 100); do
  kill -0 "$broker" 2>/dev/null || break
  sleep 0.1
done
kill -KILL "$broker" 2>/dev/null
wait "$broker" 2>/dev/null
[ -n "$word" ] || rm -rf "$folder"
