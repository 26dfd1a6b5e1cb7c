# SPDX-License-Identifier: MIT
# Sourced: installs the Debian packages that are missing, and only those.

BUILD_PACKAGES="autoconf automake libtool pkg-config gcc make libc6-dev libcurl4-openssl-dev libxml2-dev
	libpcre2-dev libsqlite3-dev libssl-dev libinih-dev libpsl-dev libidn2-dev libutf8proc-dev
	libuchardet-dev ca-certificates zlib1g-dev libbrotli-dev libzstd-dev libmicrohttpd-dev libseccomp-dev"
TEST_PACKAGES="libcmocka-dev libjansson-dev clang libclang-rt-14-dev g++ clang-format clang-tidy cppcheck
	libpq-dev postgresql sqlite3 tzdata man-db groff procps binutils curl"

# install_packages NAME...: quiet when nothing is missing; says what to do when it may not install.
install_packages() {
	command -v dpkg-query >/dev/null || {
		echo "No Debian here: the libraries of contrib/ci/debian.sh must be installed already" >&2
		return 0
	}
	missing=
	for package in "$@"; do
		state=$(dpkg-query -W -f '${db:Status-Status}' "$package" 2>/dev/null) || state=
		[ "$state" = installed ] || missing="$missing $package"
	done
	[ -n "$missing" ] || return 0
	echo "Installing:$missing" >&2
	as_root=
	if [ "$(id -u)" != 0 ]; then
		command -v sudo >/dev/null || {
			echo "vigia: these packages are missing and only root can install them" >&2
			echo "hint: su -c 'apt-get install$missing'" >&2
			return 3
		}
		as_root=sudo
	fi
	$as_root apt-get -qq update </dev/null >&2 &&
		$as_root env DEBIAN_FRONTEND=noninteractive apt-get -qq install --no-install-recommends -y \
			$missing </dev/null >/dev/null || {
		echo "vigia: apt-get could not install:$missing" >&2
		echo "hint: look at its messages above; on other systems install the same libraries by their names there" >&2
		return 3
	}
}
