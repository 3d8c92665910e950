#!/usr/bin/env bash
# Repeats the README's two commands on a machine that has nothing: a bare Debian made by mmdebstrap
# (or debootstrap), with this machine's Node.js, npm settings and certificates, and nothing else of it.
#
#   scripts/fresh-machine.sh [--as root|user|both] [--only explain|test] [--keep]
#
# What is committed is cloned into a path with spaces. The user has another umask, time zone and
# language than root, and no sudo: for it, the packages that the README names are installed before.
# Where a folder ../shared with reference material lies beside the checkout, it is seen there too.
# Needs root, on Debian. Ends with the first command that fails.
set -euo pipefail

repository=$(cd "$(dirname "$0")/.." && pwd)
who=both only=all keep=
while (($#)); do
  case $1 in
    --as) who=$2; shift 2 ;;
    --only) only=$2; shift 2 ;;
    --keep) keep=yes; shift ;;
    *) sed -n '2,11s/^# \{0,1\}//p' "$0"; exit 2 ;;
  esac
done
((EUID == 0)) || { echo 'A root folder can only be made by root.' >&2; exit 2; }

packages=ca-certificates,git
root=$(mktemp -d /var/tmp/fresh-machine.XXXXXX)
leave() {
  local mount
  for mount in srv/shared sys dev proc; do umount -R "$root/$mount" 2>/dev/null || true; done
  # Never delete through a mount that could not be undone.
  if mount | grep -q " $root/"; then echo "Still mounted: $root" >&2; return; fi
  [[ $keep ]] && echo "Kept: $root" || rm -rf "$root"
}
trap leave EXIT

echo "== a bare Debian in $root =="
suite=$(. /etc/os-release && echo "$VERSION_CODENAME")
mapfile -t sources < <(find /etc/apt/sources.list.d -name '*.sources' -o -name '*.list')
mirror=$(cat /etc/apt/sources.list "${sources[@]}" 2>/dev/null | grep -oE 'https?://[^ ]+/debian' | head -1 || true)
if command -v mmdebstrap >/dev/null; then
  mmdebstrap --quiet --variant=apt --include="$packages" "$suite" "$root" "${sources[@]:-$mirror}"
else
  debootstrap --variant=minbase --include="$packages" "$suite" "$root" "$mirror" >/dev/null
fi

# Node.js and npm are the one thing that the README asks for.
node=$(readlink -f "$(command -v node)")
modules=$(npm root --global)
install -D "$node" "$root/usr/bin/node"
mkdir -p "$root/usr/lib/node_modules"
cp -a "$modules/npm" "$root/usr/lib/node_modules/"
ln -s ../lib/node_modules/npm/bin/npm-cli.js "$root/usr/bin/npm"
ln -s ../lib/node_modules/npm/bin/npx-cli.js "$root/usr/bin/npx"

# How this machine reaches the package registries.
globalconfig=$(npm config get globalconfig)
if [[ -f $globalconfig ]]; then install -D "$globalconfig" "$root/usr/etc/npmrc"; fi
grep -lsE 'Acquire(::|\s*\{)' /etc/apt/apt.conf.d/* | xargs -r cp -a -t "$root/etc/apt/apt.conf.d/"
for file in /etc/resolv.conf /etc/hosts /etc/ssl/certs/ca-certificates.crt; do
  cp -L --remove-destination "$file" "$root$file"
done

mount -t proc proc "$root/proc"
mount --rbind /dev "$root/dev" && mount --make-rslave "$root/dev"
mount --rbind /sys "$root/sys" && mount --make-rslave "$root/sys"
if [[ -d $repository/../shared ]]; then
  mkdir -p "$root/srv/shared"
  mount --bind -o ro "$repository/../shared" "$root/srv/shared"
fi

explain='npm ci && npm run explain -- media/samples/dog.jpg --png --json --out out'
tests='npm ci && npm test'
for command in "$explain" "$tests"; do
  grep -qxF "$command" "$repository/README.md" || { echo "The README has no line “$command”." >&2; exit 1; }
done

# settings that reach the registry, of whoever runs this
carried=$(env | grep -iE '^(npm_config_|https?_proxy|no_proxy|node_extra_ca_certs)' || true)

run() { # run NAME HOME COMMAND
  local name=$1 home=$2 command=$3
  echo "== $name: $command =="
  local settings=(HOME="$home" PATH=/usr/local/bin:/usr/bin:/bin:/usr/sbin:/sbin TERM=dumb)
  while IFS= read -r line; do [[ $line ]] && settings+=("$line"); done <<<"$carried"
  local as=() before=
  if [[ $name == user ]]; then
    as=(--userspec=tester:tester)
    settings+=(TZ=Asia/Kathmandu LANG=tr_TR.UTF-8 LC_ALL=C.UTF-8)
    before='umask 077;'
  fi
  chroot "${as[@]}" "$root" /usr/bin/env -i "${settings[@]}" /bin/bash -c \
    "$before cd '/srv/$name checkout/vit explainer' && $command"
}

clone() { # clone NAME
  local place="$root/srv/$1 checkout"
  mkdir -p "$place"
  git clone --quiet --no-hardlinks "$repository" "$place/vit explainer"
  [[ -d $root/srv/shared ]] && ln -s ../shared "$place/shared"
  return 0
}

for name in root user; do
  [[ $who == both || $who == "$name" ]] || continue
  clone "$name"
  home=/root
  if [[ $name == user ]]; then
    chroot "$root" useradd --create-home tester
    [[ -f ~/.npmrc ]] && install -o 1000 -g 1000 -m 600 ~/.npmrc "$root/home/tester/.npmrc"
    chown -R 1000:1000 "$root/srv/user checkout"
    [[ $only == explain ]] || chroot "$root" sh -c 'apt-get update -qq && DEBIAN_FRONTEND=noninteractive apt-get install -qq -y --no-install-recommends chromium fonts-dejavu-core libvulkan1 >/dev/null'
    home=/home/tester
  else
    [[ -f ~/.npmrc ]] && cp ~/.npmrc "$root/root/.npmrc"
  fi
  [[ $only == test ]] || run "$name" "$home" "$explain"
  [[ $only == explain ]] || run "$name" "$home" "$tests"
done
echo '== the README’s commands work on a fresh machine =='
