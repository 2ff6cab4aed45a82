/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A stage for scenes that ask the kernel one question each.  A scene plays in
 * a process of its own, as an ordinary user, because unshare has no way back.
 */
#ifndef TESTS_KERNEL_STAGE_H
#define TESTS_KERNEL_STAGE_H

#include <errno.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

struct scene {
	const char *name;
	void (*play)(void);
};

#define SCENES(table) (table), sizeof(table) / sizeof((table)[0])

/* Plays every scene; the result is main's. */
int play_scenes(const char *group, const struct scene *scenes, size_t count);

/*
 * What a scene says.  must() wants success and yields the result, refused()
 * wants exactly this errno, claim() wants the truth.  The first that is wrong
 * ends the scene.
 */
#define must(call)          judge_call((errno = 0, (long)(call)), 0, #call, __FILE__, __LINE__)
#define refused(want, call) judge_call((errno = 0, (long)(call)), want, #call, __FILE__, __LINE__)
#define claim(condition)    judge_claim(condition, #condition, __FILE__, __LINE__)

int judge_call(long result, int want, const char *act, const char *file, int line);
void judge_claim(bool holds, const char *text, const char *file, int line);
_Noreturn void skip_scene(const char *format, ...) __attribute__((format(printf, 1, 2)));

/* The user that plays, in the numbers of the surrounding namespace. */
uid_t player_uid(void);
gid_t player_gid(void);

/* Plays an act in a child, waits, and ends the scene if the act went wrong. */
void play_in_child(void (*act)(void));
/* The same without waiting: the caller reaps, by join_child(). */
pid_t start_child(void (*act)(void));
void join_child(pid_t child);

/* Unshares, maps the player alone (inside numbers as given), makes mounts private. */
void enter_alone(int namespaces, uid_t inside_uid, gid_t inside_gid);
/* The same as root with the player's subordinate IDs from 1 up, by newuidmap. */
void enter_delegated(int namespaces);
/* Makes a child of a namespace that holds these maps; the act plays in it, as is. */
void play_in_child_namespace(int namespaces, const char *uid_map, const char *gid_map,
			     void (*act)(void));

int write_text(const char *path, const char *text);
size_t read_text(const char *path, char *text, size_t size);

/* Only these stay permitted; only these of them are effective. */
void keep_capabilities(uint64_t permitted, uint64_t effective);

/* A detached mount of a new instance; options end with a pair of NULLs. */
struct mount_option {
	const char *key;
	const char *value;
};

int new_mount(const char *type, unsigned int attributes, const struct mount_option *options);
int attach(int mount, int directory, const char *path);
int clone_tree(int directory, const char *path, unsigned int flags);
int restrict_tree(int tree, uint64_t attributes);
int open_within(int root, const char *path, uint64_t flags, uint64_t resolve);

/* A tmpfs over /tmp that only this mount namespace has; the working directory moves there. */
void make_room(void);

#endif
