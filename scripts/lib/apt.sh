# Sourced after common.sh: Debian packages, as root or through sudo.

apt=(env DEBIAN_FRONTEND=noninteractive NEEDRESTART_SUSPEND=1 apt-get -q -o DPkg::Lock::Timeout=120
  -o Dpkg::Options::=--force-confdef -o Dpkg::Options::=--force-confold)

as_root() {
  if [[ $EUID -eq 0 ]]; then "$@"; else sudo -- "$@"; fi
}

# require_apt PACKAGE...: ends the script with what an administrator has to do, where it cannot be done from here.
require_apt() {
  local needed="install ${*:-a libstdc++6 with $needed_symbol}"
  command -v apt-get >/dev/null || die "this is no Debian-like system: $needed (or what holds the same here) by hand"
  [[ $EUID -eq 0 ]] || sudo -n true 2>/dev/null || { [[ -t 0 ]] && command -v sudo >/dev/null; } ||
    die "neither root nor sudo: ask an administrator to $needed, or to run scripts/setup once"
  apt_log=$(mktemp)
  trap 'rm -f "$apt_log"' EXIT
}

# Its failures show when a package is installed: one dead source of many is no reason to stop.
update_apt() { as_root "${apt[@]}" update >"$apt_log" 2>&1 || true; }

install_packages() {
  local package packages=()
  for package in "$@"; do
    # What Debian calls libturbojpeg0 is libturbojpeg on Ubuntu.
    [[ $package != libturbojpeg0 ]] || is_known libturbojpeg0 || package=libturbojpeg
    packages+=("$package")
  done
  say "apt: installing ${packages[*]}"
  as_root "${apt[@]}" install --yes --no-install-recommends "${packages[@]}" >>"$apt_log" 2>&1 ||
    die "apt could not install them:$(apt_words)"
}

is_known() { apt-cache policy "$1" | grep -q 'Candidate: [^(]'; }

apt_words() {
  printf '\n'
  grep -E '^(E|Err|W):' "$apt_log" | tail -n 8
  say 'Is there a network, and a mirror that answers?'
}
