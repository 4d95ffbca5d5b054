# Sourced after common.sh, processes.sh, postgres.sh and publish.sh: how fast the API takes a checkpoint, beside hashing and
# copying the same file, and how much memory it holds meanwhile.

# measure_uploads FOLDER MEGABYTES ROUNDS: prints a line of JSON for each subject and round. FOLDER is on the disk to
# measure.
measure_uploads() {
  local folder=$1 size=$(($2 * 1000000)) round
  local file=$folder/checkpoint.safetensors
  start_api "$folder"
  # A safetensors file of one tensor: the length of its header, the header, and zeros that take no room.
  printf 'P\0\0\0\0\0\0\0' >"$file"
  printf '%-80s' "{\"w\":{\"dtype\":\"U8\",\"shape\":[$((size - 88))],\"data_offsets\":[0,$((size - 88))]}}" >>"$file"
  truncate -s "$size" "$file"

  for ((round = 0; round < $3; round++)); do
    timed 'sha256sum and cp' "$2" hash_and_copy "$file"
    forget_checkpoints
    timed 'upload raw' "$2" post_raw "$file"
    forget_checkpoints
    timed 'upload tus' "$2" post_tus "$file"
    forget_checkpoints
  done
  stop_api
}

start_api() {
  local folder=$1
  chmod 711 "$folder"
  start_postgres "$folder/postgres" "$folder/postgres.log"
  export ConnectionStrings__Leaderboard=$pg_connection LEADERBOARD_HOME=$folder/home DOTNET_gcServer=0
  (cd "$root/artifacts/api" && dotnet Leaderboard.Api.dll migrate) >"$folder/api.log" 2>&1 ||
    die "the database could not be migrated$(tail_of "$folder/api.log")"
  api_url=http://127.0.0.1:$(free_port)
  (
    cd "$root/artifacts/api"
    exec setsid setpriv --pdeathsig TERM dotnet Leaderboard.Api.dll --urls "$api_url" </dev/null >>"$folder/api.log" 2>&1
  ) &
  api_pid=$!
  until curl -sf -o /dev/null "$api_url/healthz"; do
    kill -0 "$api_pid" 2>/dev/null || die "the API did not start$(tail_of "$folder/api.log")"
    sleep 0.1
  done
  api_key=$(<"$LEADERBOARD_HOME/admin-key")
}

stop_api() {
  [[ -z ${api_pid:-} ]] || stop_process "$api_pid" TERM
  stop_postgres
  api_pid='' pg_pid=''
}

# timed SUBJECT MEGABYTES COMMAND...: its wall time, and the largest RssAnon of the API meanwhile.
timed() {
  local subject=$1 megabytes=$2 start end peak
  shift 2
  watch_memory >"$LEADERBOARD_HOME/peak" &
  local watcher=$!
  start=$(date +%s%N)
  "$@" >&2 || die "'$subject' failed$(tail_of "${LEADERBOARD_HOME%/home}/api.log")"
  end=$(date +%s%N)
  kill "$watcher" && wait "$watcher" || true
  peak=$(sort -n "$LEADERBOARD_HOME/peak" | tail -n 1)
  printf '{"subject":"%s","images":%d,"seconds":%d.%09d,"peak_bytes":%d}\n' \
    "$subject" "$megabytes" $(((end - start) / 1000000000)) $(((end - start) % 1000000000)) $((peak * 1024))
}

watch_memory() {
  local name value _
  while sleep 0.05; do
    while read -r name value _; do
      [[ $name != RssAnon: ]] || say "$value"
    done <"/proc/$api_pid/status"
  done
}

# The floor: both sides read the file from memory and put a copy on the disk. A plain copy of a sparse file would not.
hash_and_copy() {
  sha256sum "$1" >/dev/null && cp --sparse=never --reflink=never "$1" "$1.copy" && sync "$1.copy" && rm "$1.copy"
}

post_raw() {
  curl -sSf -o /dev/null -X POST -T "$1" -H "Authorization: Bearer $api_key" \
    -H 'Content-Type: application/octet-stream' "$api_url/api/v1/checkpoints"
}

post_tus() {
  local address
  address=$(tus -o /dev/null -D - -X POST -H "Upload-Length: $(stat -c %s "$1")" "$api_url/api/v1/uploads" |
    sed -n 's/^Location: \(.*\)\r$/\1/p')
  tus -o /dev/null -D - -X PATCH -T "$1" -H 'Upload-Offset: 0' -H 'Content-Type: application/offset+octet-stream' \
    "$api_url$address" | grep -q '^Checkpoint-Sha256:'
}

tus() {
  local file=$1 size address part
  size=$(stat -c %s "$file")
  address=$(tus -o /dev/null -D - -X POST -H "Upload-Length: $size" "$api_url/api/v1/uploads" |
    sed -n 's/^Location: \(.*\)\r$/\1/p')
  for ((part = 0; part < $2; part++)); do
    tail -c +$((size / $2 * part + 1)) "$file" | head -c $((part + 1 < $2 ? size / $2 : size)) |
      tus -o /dev/null -D "$file.headers" -X PATCH -T - -H "Upload-Offset: $((size / $2 * part))" \
        -H 'Content-Type: application/offset+octet-stream' "$api_url$address"
  done
  grep -q '^Checkpoint-Sha256:' "$file.headers"
}

tus() { curl -sSf -H "Authorization: Bearer $api_key" -H 'Tus-Resumable: 1.0.0' "$@"; }

# So that the next round stores it anew.
forget_checkpoints() {
  "$(pg_binaries "$LEADERBOARD_HOME/none")/psql" -qX -h "$pg_socket" -U leaderboard leaderboard \
    -c 'delete from checkpoint_owners; delete from checkpoints' >&2
  find "$LEADERBOARD_HOME/checkpoints" -type f -delete
}
