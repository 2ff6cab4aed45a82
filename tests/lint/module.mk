# SPDX-License-Identifier: GPL-2.0-or-later
# What is promised of the sources and of the built programs as such.
