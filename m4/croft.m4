# SPDX-License-Identifier: GPL-2.0-or-later
# The flags of croft's own.  What they are for is proved by tests/lint/hardening.bats,
# which reads the built programs; configure only asks which of them the compiler knows.

AC_DEFUN([CROFT_WARNINGS], [
	AS_IF([test "$enable_werror" = yes],
		[enable_werror_text="stop the build"], [enable_werror_text="are printed"])
	AX_APPEND_COMPILE_FLAGS([-Wall -Wextra -Wshadow -Wconversion -Wundef dnl
		-Wstrict-prototypes -Wmissing-prototypes -Wformat=2 -Wvla -Walloca],
		[WARNING_CFLAGS], [-Werror])
	AS_IF([test "$enable_werror" = yes], [AS_VAR_APPEND([WARNING_CFLAGS], [" -Werror"])])
	AC_SUBST([WARNING_CFLAGS])
])

# _FORTIFY_SOURCE is left alone where CPPFLAGS or the compiler itself set it.  Level 3
# wants gcc 12 or clang 9 with glibc 2.34, which says so by a warning where it has less;
# and no level works beside the sanitizers, or without optimisation.
AC_DEFUN([CROFT_FORTIFY], [
	AC_MSG_CHECKING([for the level of _FORTIFY_SOURCE])
	croft_saved_cflags=$CFLAGS
	croft_fortify=none
	CFLAGS="$CFLAGS -Werror"
	AC_PREPROC_IFELSE([AC_LANG_SOURCE([[
		#ifdef _FORTIFY_SOURCE
		#error "set already"
		#endif
	]])], [
		for croft_level in 3 2; do
			CFLAGS="$croft_saved_cflags -Werror -D_FORTIFY_SOURCE=$croft_level"
			AC_COMPILE_IFELSE([AC_LANG_SOURCE([[
				#include <string.h>
				#ifndef __OPTIMIZE__
				#error "nothing is checked without optimisation"
				#endif
			]])], [croft_fortify=$croft_level; break])
		done
		AS_IF([test "$croft_fortify" != none],
			[HARDENING_CPPFLAGS=-D_FORTIFY_SOURCE=$croft_fortify])
	], [croft_fortify="as set already"])
	CFLAGS=$croft_saved_cflags
	AC_MSG_RESULT([$croft_fortify])
])

AC_DEFUN([CROFT_HARDENING], [
	AC_LINK_IFELSE([AC_LANG_PROGRAM], [], [AC_MSG_ERROR([the compiler cannot link a program])])
	AS_IF([test "$enable_sanitizers" = yes], [
		HARDENING_LDFLAGS="-fsanitize=address,undefined"
		HARDENING_CFLAGS="$HARDENING_LDFLAGS -fno-sanitize-recover=all -fno-omit-frame-pointer"
	], [
		CROFT_FORTIFY
		AX_APPEND_COMPILE_FLAGS([-fstack-protector-strong -fstack-clash-protection dnl
			-fcf-protection -ftrivial-auto-var-init=zero -fPIE],
			[HARDENING_CFLAGS], [-Werror])
		AX_APPEND_LINK_FLAGS([-pie -Wl,-z,relro -Wl,-z,now -Wl,-z,noexecstack dnl
			-Wl,--as-needed -Wl,-O1], [HARDENING_LDFLAGS])
	])
	AC_SUBST([HARDENING_CPPFLAGS])
	AC_SUBST([HARDENING_CFLAGS])
	AC_SUBST([HARDENING_LDFLAGS])
])

# A helper that is linked statically is led astray by no dynamic loader, and starts
# sooner.  It stays position-independent, so it takes rcrt1.o and libc.a to have it.
AC_DEFUN([CROFT_STATIC_HELPERS], [
	helper_linkage="dynamically, against libc alone"
	AS_IF([test "$enable_sanitizers" != yes], [
		AC_MSG_CHECKING([whether a static-pie program can be linked])
		croft_saved_cflags=$CFLAGS
		croft_saved_ldflags=$LDFLAGS
		CFLAGS="$CFLAGS $HARDENING_CFLAGS"
		LDFLAGS="$LDFLAGS $HARDENING_LDFLAGS -static-pie"
		AC_LINK_IFELSE([AC_LANG_PROGRAM([[#include <unistd.h>]], [[return getuid() == 0]])],
			[HELPER_LDFLAGS=-static-pie
			 helper_linkage="statically, position-independent"
			 AC_MSG_RESULT([yes])],
			[AC_MSG_RESULT([no])])
		CFLAGS=$croft_saved_cflags
		LDFLAGS=$croft_saved_ldflags
	])
	AC_SUBST([HELPER_LDFLAGS])
])
