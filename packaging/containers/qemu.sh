#!/bin/sh
# Installs QEMU for PCs with its D-Bus display, and leaves out what only its OpenGL display would load.
set -eu

export DEBIAN_FRONTEND=noninteractive
apt-get --quiet --quiet update
# Twins of the one program that runs, tools that nothing calls, firmware of other machines.
cat >/etc/dpkg/dpkg.cfg.d/loco <<'END'
path-exclude=/usr/bin/qemu-io
path-exclude=/usr/bin/qemu-nbd
path-exclude=/usr/bin/qemu-storage-daemon
path-exclude=/usr/bin/qemu-system-i386
path-exclude=/usr/bin/qemu-system-x86_64-microvm
path-exclude=/usr/share/qemu/*hppa*
path-exclude=/usr/share/qemu/*palcode*
path-exclude=/usr/share/qemu/openbios*
path-exclude=/usr/share/qemu/opensbi*
path-exclude=/usr/share/qemu/qemu_vga.ndrv
path-exclude=/usr/share/qemu/QEMU,*
path-exclude=/usr/share/qemu/s390*
path-exclude=/usr/share/qemu/skiboot*
path-exclude=/usr/share/qemu/slof*
path-exclude=/usr/share/qemu/u-boot*
path-exclude=/usr/share/qemu/vof*
END
apt-get --quiet --quiet install --yes --no-install-recommends \
    qemu-system-modules-opengl qemu-system-x86 qemu-utils >/dev/null
# Drivers of graphics cards and their compiler: 170 MB that Debian's libgbm asks for and a guest in a pod never uses.
dpkg --purge --force-depends libllvm19 libz3-4 mesa-libgallium >/dev/null 2>&1
rm -rf /var/lib/apt/lists/* /var/cache/apt/* /var/cache/debconf/*-old /var/log/*.log /var/log/apt
find / -xdev -type f -perm /6000 -exec chmod a-s {} +
