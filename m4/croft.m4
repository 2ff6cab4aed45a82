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

# What runs while croft is built runs on the machine that builds.  Where that is the one
# that croft is built for, it is compiled as croft is.
AC_DEFUN([CROFT_FOR_BUILD], [
	AC_ARG_VAR([CC_FOR_BUILD], [C compiler for the machine that builds])
	AC_ARG_VAR([CFLAGS_FOR_BUILD], [its flags])
	AC_ARG_VAR([LDFLAGS_FOR_BUILD], [its linker's flags])
	AS_IF([test "$cross_compiling" = yes], [
		AC_CHECK_PROGS([CC_FOR_BUILD], [cc gcc clang], [false])
		: ${CFLAGS_FOR_BUILD=-O2}
	], [
		: ${CC_FOR_BUILD='$(CC)'}
		: ${CFLAGS_FOR_BUILD='$(AM_CFLAGS) $(CFLAGS)'}
		: ${LDFLAGS_FOR_BUILD='$(AM_LDFLAGS) $(LDFLAGS)'}
	])
	AM_CONDITIONAL([CROSS_COMPILING], [test "$cross_compiling" = yes])
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
			-fcf-protection -mbranch-protection=standard -ftrivial-auto-var-init=zero -fPIE],
			[HARDENING_CFLAGS], [-Werror])
		AX_APPEND_LINK_FLAGS([-pie -Wl,-z,relro -Wl,-z,now -Wl,-z,noexecstack dnl
			-Wl,--as-needed -Wl,-O1], [HARDENING_LDFLAGS])
	])
	AC_SUBST([HARDENING_CPPFLAGS])
	AC_SUBST([HARDENING_CFLAGS])
	AC_SUBST([HARDENING_LDFLAGS])
])

# Where croft and its helpers get their C library from.  A static program of musl's is
# led astray by no dynamic loader, and starts in half the time: glibc asks the processor
# about its caches at every start, and in a virtual machine each such question traps.
# Unit tests use the system's C library, which cmocka wants.
AC_DEFUN([CROFT_FIND_MUSL], [
	AC_MSG_CHECKING([for musl])
	musl_lib=no
	croft_sysroot=`$CC -print-sysroot 2>/dev/null | sed 's,/$,,'`
	croft_cpu=`$CC -dumpmachine | sed 's/-.*//'`
	for croft_pair in \
		"/usr/include/$croft_cpu-linux-musl /usr/lib/$croft_cpu-linux-musl" \
		"/usr/$croft_cpu-linux-musl/include /usr/$croft_cpu-linux-musl/lib64" \
		"/usr/lib/musl/include /usr/lib/musl/lib"; do
		set -- $croft_pair
		AS_IF([test -f "$croft_sysroot$[]1/stdio.h" && test -f "$croft_sysroot$[]2/rcrt1.o" &&
		       test -f "$croft_sysroot$[]2/libc.a"],
			[musl_include=$croft_sysroot$[]1; musl_lib=$croft_sysroot$[]2; break])
	done
	AC_MSG_RESULT([$musl_lib])
])

# The kernel's own headers are the system's, and the compiler knows where that has them;
# nothing else from there may be seen.
AC_DEFUN([CROFT_KERNEL_HEADERS], [
	croft_kernel_headers=`echo '#include <linux/types.h>' | $CC $CPPFLAGS $CFLAGS -E -M - 2>/dev/null |
		tr ' ' '\n' | sed -n -e 's,/linux/types\.h$,,p' -e 's,/asm/types\.h$,,p' \
			-e 's,/asm-generic/types\.h$,,p' | sort -u | tr '\n' ' '`
	AC_CONFIG_COMMANDS([kernel-headers], [
		mkdir -p kernel-headers
		for croft_name in linux asm asm-generic mtd; do
			for croft_base in $croft_kernel_headers; do
				test ! -d "$croft_base/$croft_name" ||
					ln -sfn "$croft_base/$croft_name" "kernel-headers/$croft_name"
			done
		done
	], [croft_kernel_headers='$croft_kernel_headers'])
])

AC_DEFUN([CROFT_TRY_STATIC], [
	AC_MSG_CHECKING([whether a static program can be linked with $1])
	croft_saved_cflags=$CFLAGS
	croft_saved_ldflags=$LDFLAGS
	croft_saved_libs=$LIBS
	CFLAGS="$CFLAGS $HARDENING_CFLAGS $STATIC_CFLAGS"
	LDFLAGS="$LDFLAGS $HARDENING_LDFLAGS $STATIC_LDFLAGS"
	LIBS="$STATIC_LIBS"
	AC_LINK_IFELSE([AC_LANG_PROGRAM([[#include <unistd.h>]], [[return getuid() == 0]])],
		[croft_static=yes], [croft_static=no])
	CFLAGS=$croft_saved_cflags
	LDFLAGS=$croft_saved_ldflags
	LIBS=$croft_saved_libs
	AC_MSG_RESULT([$croft_static])
])

AC_DEFUN([CROFT_LIBC], [
	AC_ARG_WITH([libc],
		[AS_HELP_STRING([--with-libc=LIBC],
			[what croft and its helpers link: musl (the default where it is), or system])],
		[], [with_libc=auto])
	AS_CASE([$with_libc], [auto|musl|system], [],
		[AC_MSG_ERROR([--with-libc takes musl or system])])
	LIBC=system
	croft_linkage="the system's C library"
	helper_linkage="dynamically, the system's C library"
	croft_static=no
	AS_IF([test "$enable_sanitizers" = yes], [with_libc=system])
	AS_IF([test "$with_libc" != system], [
		CROFT_FIND_MUSL
		AS_IF([test "$musl_lib" != no], [
			croft_begin=`$CC -print-file-name=crtbeginS.o`
			croft_end=`$CC -print-file-name=crtendS.o`
			croft_own=`$CC -print-file-name=include`
			# libgcc and libc need each other: on arm64, atomics ask for getauxval(3)
			STATIC_CFLAGS="-nostdinc -isystem $musl_include -isystem $croft_own"
			STATIC_LDFLAGS="-nostdlib -static-pie $musl_lib/rcrt1.o $musl_lib/crti.o $croft_begin"
			STATIC_LIBS="$musl_lib/libc.a -lgcc $musl_lib/libc.a $croft_end $musl_lib/crtn.o"
			CROFT_TRY_STATIC([musl])
		])
		AS_IF([test "$croft_static" = yes], [
			AS_VAR_APPEND([STATIC_CFLAGS], [' -idirafter $(top_builddir)/kernel-headers'])
			LIBC=musl
			croft_linkage="musl, statically"
			helper_linkage=$croft_linkage
			FRONT_CFLAGS=$STATIC_CFLAGS
			FRONT_LDFLAGS=$STATIC_LDFLAGS
			FRONT_LIBS=$STATIC_LIBS
		], [
			AS_IF([test "$with_libc" = musl], [AC_MSG_ERROR([musl cannot be linked statically here])])
		])
	])
	AS_IF([test "$croft_static" = no && test "$enable_sanitizers" != yes], [
		STATIC_CFLAGS=
		STATIC_LDFLAGS=-static-pie
		STATIC_LIBS=
		CROFT_TRY_STATIC([the system's C library])
		AS_IF([test "$croft_static" = yes],
			[helper_linkage="the system's C library, statically"],
			[STATIC_LDFLAGS=])
	])
	CROFT_KERNEL_HEADERS
	AC_SUBST([LIBC])
	AC_SUBST([STATIC_CFLAGS])
	AC_SUBST([STATIC_LDFLAGS])
	AC_SUBST([STATIC_LIBS])
	AC_SUBST([FRONT_CFLAGS])
	AC_SUBST([FRONT_LDFLAGS])
	AC_SUBST([FRONT_LIBS])
])
