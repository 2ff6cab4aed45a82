#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
#
# options.sh CROFT FORM TEMPLATE - prints the template with croft's options in it
#
# A pipe would hide that croft failed.

set -eu
list=$("$1" --help)
printf '%s\n' "$list" | "${AWK:-awk}" -f "${0%/*}/options.awk" -v form="$2" - "$3"
