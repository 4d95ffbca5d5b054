# Sourced after common.sh and processes.sh: a private PostgreSQL server. It listens on a Unix socket alone, in a folder
# that nobody but its own user and root can enter; so it trusts whoever gets there.

pg_pid=
pg_socket=
as_pg_user=()

# start_postgres DATA LOG [SETTING=VALUE...]: makes the cluster if there is none, starts the server as a child of this
# script and waits for it. Sets pg_pid and pg_connection, a connection string.
start_postgres() {
  local data=$1 log=$2 bin user setting settings=()
  shift 2
  for setting in "$@"; do settings+=(-c "$setting"); done

  bin=$(pg_binaries "$data")
  user=$(pg_user "$data")
  [[ $EUID -ne 0 ]] || as_pg_user=(setpriv --reuid "$user" --regid "$(id -g "$user")" --clear-groups env --chdir=/)
  [[ -e $data/PG_VERSION ]] || create_cluster "$bin" "$data" "$user" >>"$log" 2>&1 ||
    die "PostgreSQL could not make its files in $data$(tail_of "$log")"
  clear_stale_pid_file "$data"

  # Not under TMPDIR: the path of a socket holds 107 bytes.
  pg_socket=$(mktemp -d /tmp/leaderboard-XXXXXX)
  [[ $EUID -ne 0 ]] || chown "$user" "$pg_socket"
  pg_connection="Host=$pg_socket;Username=leaderboard;Database=leaderboard"

  # Its own defaults are for the smallest of machines: an import of the archive would write checkpoints all the while.
  # The kernel forgets the signal when the user changes, so that comes first.
  setsid "${as_pg_user[@]}" setpriv --pdeathsig INT "$bin/postgres" -D "$data" -k "$pg_socket" -h '' \
    -c timezone=UTC -c max_connections=200 -c shared_buffers=512MB -c max_wal_size=4GB "${settings[@]}" >>"$log" 2>&1 </dev/null &
  pg_pid=$!
  until "$bin/pg_isready" -q -h "$pg_socket" -U leaderboard -d leaderboard; do
    kill -0 "$pg_pid" 2>/dev/null || die "PostgreSQL did not start$(tail_of "$log")"
    sleep 0.05
  done
}

# cluster_folder HOME: in the home, unless root's server has a user of its own who cannot enter it (/root is closed to
# others).
cluster_folder() {
  local home=$1 user
  user=$(pg_user "$home/postgres")
  if [[ $EUID -ne 0 || -e $home/postgres/PG_VERSION ]] || setpriv --reuid "$user" --clear-groups test -x "$home"; then
    say "$home/postgres"
  else
    mkdir -p /var/lib/leaderboard
    say "/var/lib/leaderboard/$(sha256sum <<<"$home" | head -c 16)"
  fi
}

# running_connection DATA: the connection string of the server that runs on these files; fails where there is none.
running_connection() {
  local pid_file=$1/postmaster.pid
  # Its first line is the server's number, its fifth the folder of the socket.
  [[ -e $pid_file ]] && kill -0 "$(sed -n 1p "$pid_file")" 2>/dev/null || return 1
  say "Host=$(sed -n 5p "$pid_file");Username=leaderboard;Database=leaderboard"
}

# SIGINT is PostgreSQL's fast shutdown: it ends the sessions and writes a checkpoint.
stop_postgres() {
  [[ -z $pg_pid ]] || stop_process "$pg_pid" INT
  [[ -z $pg_socket ]] || rm -rf "$pg_socket"
}

# The folder of PostgreSQL's programs: the version that made the cluster, or the newest, or the one on PATH.
pg_binaries() {
  local data=$1 version found
  if [[ -e $data/PG_VERSION ]]; then
    version=$(<"$data/PG_VERSION")
    found=/usr/lib/postgresql/$version/bin
    [[ -x $found/postgres ]] || found=$(newest_pg_binaries)
    [[ -n $found && $("$found/postgres" --version) == *" $version".* ]] ||
      die "$data was made by PostgreSQL $version, which is not here: install it, or move the data with pg_upgrade"
  else
    found=$(newest_pg_binaries)
    [[ -n $found ]] || die "there is no PostgreSQL server; scripts/setup installs it"
  fi
  say "$found"
}

newest_pg_binaries() {
  local found
  found=$(find /usr/lib/postgresql/*/bin/postgres 2>/dev/null | sort -V | tail -n 1) || true
  found=${found:-$(command -v postgres)} || return 0
  dirname "$(readlink -f "$found")"
}

# PostgreSQL refuses to run as root: there it runs as the owner of its files, at first as postgres or nobody.
pg_user() {
  if [[ $EUID -ne 0 ]]; then
    id -un
  elif [[ -e $1/PG_VERSION ]]; then
    stat -c %U "$1"
  elif id postgres >/dev/null 2>&1; then
    say postgres
  else
    say nobody
  fi
}

# create_cluster BIN DATA USER: made beside its place and then moved, so a cluster is never half made. The programs get
# a role that is no superuser: a superuser can have the server run commands.
create_cluster() {
  local bin=$1 data=$2 user=$3
  rm -rf "$data.new" &&
    install -d -m 700 -o "$user" "$data.new" &&
    "${as_pg_user[@]}" "$bin/initdb" -D "$data.new" -U postgres -A trust -E UTF8 --locale=C.UTF-8 &&
    printf '%s\n' 'create role leaderboard login createdb' 'create database leaderboard owner leaderboard' |
    "${as_pg_user[@]}" "$bin/postgres" --single -D "$data.new" postgres &&
    mv "$data.new" "$data"
}

# After a crash the number in postmaster.pid may be that of another program, which PostgreSQL takes for a server of its
# own and refuses to start. A server works in its data folder; of ours at most one that is just ending can be left.
clear_stale_pid_file() {
  local data=$1 pid socket
  [[ -e $data/postmaster.pid ]] || return 0
  # Its first line is the number, its fifth the folder of the socket.
  pid=$(sed -n 1p "$data/postmaster.pid")
  socket=$(sed -n 5p "$data/postmaster.pid")
  if [[ $(readlink "/proc/$pid/cwd") == "$(readlink -f "$data")" ]]; then
    stop_process "$pid" INT
  else
    rm -f "$data/postmaster.pid"
  fi
  [[ $socket != /tmp/leaderboard-?????? ]] || rm -rf "$socket"
}
