# Sourced by every script: where the checkout is, and how the scripts speak.

root=$(cd "$(dirname "${BASH_SOURCE[0]}")/../.." && pwd)
readonly root

export DOTNET_NOLOGO=1 DOTNET_CLI_TELEMETRY_OPTOUT=1
# The SDK stops without ICU unless told so; the programs themselves are built invariant.
export DOTNET_SYSTEM_GLOBALIZATION_INVARIANT=1
# No build server outlives a script.
export MSBUILDDISABLENODEREUSE=1 DOTNET_CLI_USE_MSBUILD_SERVER=0 UseSharedCompilation=false

# ldconfig, apparmor_parser and others are outside an ordinary user's path.
PATH=$PATH:/usr/local/sbin:/usr/sbin:/sbin

say() { printf '%s\n' "$*"; }

complain() { printf '%s: %s\n' "${0##*/}" "$*" >&2; }

die() {
  complain "$@"
  exit 1
}

# The header of the script that asks: its comment lines from the second on.
usage() { sed -n '2,/^[^#]/{s/^# \{0,1\}//p}' "$0"; }
