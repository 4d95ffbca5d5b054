# Sourced after common.sh: programs that run beside a script and never outlive it. They are started by 'setsid', so that
# Ctrl-C reaches the script alone, which stops them in order, and by 'setpriv --pdeathsig', so that the kernel ends them
# if the script is killed.

# stop_process PID SIGNAL: asks it to end and waits; after 30 seconds it is killed.
stop_process() {
  local pid=$1 signal=$2 attempt
  kill -s "$signal" "$pid" 2>/dev/null || return 0
  for ((attempt = 0; attempt < 300; attempt++)); do
    kill -0 "$pid" 2>/dev/null || return 0
    sleep 0.1
  done
  complain "process $pid did not end within 30 seconds, so it is killed"
  kill -s KILL "$pid" 2>/dev/null || return 0
}

# The last lines of a log, on lines of their own, for a message.
tail_of() { printf '\n--- the end of %s\n' "$1" && tail -n 15 "$1"; }

port_is_taken() { (exec 3<>"/dev/tcp/127.0.0.1/$1") 2>/dev/null; }

# Below the ports that Linux hands out by itself.
free_port() {
  local port
  while port=$((20000 + RANDOM % 12000)) && port_is_taken "$port"; do :; done
  say "$port"
}
