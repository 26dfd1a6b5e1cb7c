dnl SPDX-License-Identifier: MIT
dnl VG_PROBE_CFLAG(FLAG): adds FLAG to VG_CFLAGS if the compiler takes it without a warning.
AC_DEFUN([VG_PROBE_CFLAG], [
  vg_save_CFLAGS=$CFLAGS
  CFLAGS="$CFLAGS -Werror $1"
  AC_MSG_CHECKING([whether $CC takes $1])
  AC_COMPILE_IFELSE([AC_LANG_SOURCE([int vg_probe; /* not an empty unit */])],
    [AC_MSG_RESULT([yes]); VG_CFLAGS="$VG_CFLAGS $1"], [AC_MSG_RESULT([no])])
  CFLAGS=$vg_save_CFLAGS
])
dnl VG_PROBE_LDFLAG(FLAG): the same for VG_LDFLAGS.
AC_DEFUN([VG_PROBE_LDFLAG], [
  vg_save_LDFLAGS=$LDFLAGS
  LDFLAGS="$LDFLAGS $1"
  AC_MSG_CHECKING([whether the linker takes $1])
  AC_LINK_IFELSE([AC_LANG_PROGRAM()],
    [AC_MSG_RESULT([yes]); VG_LDFLAGS="$VG_LDFLAGS $1"], [AC_MSG_RESULT([no])])
  LDFLAGS=$vg_save_LDFLAGS
])
