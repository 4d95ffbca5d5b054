# Sourced after common.sh: Debian packages, as root or through sudo.

apt=(env DEBIAN_FRONTEND=noninteractive NEEDRESTART_SUSPEND=1 apt-get -q -o DPkg::Lock::Timeout=120
  -o Dpkg::Options::=--force-confdef -o Dpkg::Options::=--force-confold)

as_root() {
  if [[ $EUID -eq 0 ]]; then "$@"; else sudo -- "$@"; fi
}

# require_apt NEED...: ends the script with what an administrator has to do, where it cannot be done from here.
require_apt() {
  local needs
  needs=$(printf ', %s' "$@")
  needs=${needs#, }
  command -v apt-get >/dev/null || die "this is no Debian-like system; install what holds the same here: $needs"
  may_be_root || die "neither root nor sudo: ask an administrator to run scripts/setup once, or to install $needs"
  apt_log=$(mktemp)
  trap 'rm -f "$apt_log"' EXIT
}

# Through sudo where it asks for no password, or where there is somebody to type it.
may_be_root() { [[ $EUID -eq 0 ]] || sudo -n true 2>/dev/null || { [[ -t 0 ]] && command -v sudo >/dev/null; }; }

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

is_known() { [[ $(LC_ALL=C apt-cache policy "$1") == *'Candidate: '[0-9]* ]]; }

apt_words() {
  printf '\n'
  grep -E '^(E|Err|W):' "$apt_log" | tail -n 8
  say 'Is there a network, and a mirror that answers?'
}
