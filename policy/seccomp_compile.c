/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * seccomp_compile - the seccomp policy of a container, in JSON, as a program for the kernel
 *
 *     seccomp-compile "cap_chown cap_kill" <POLICY >PROGRAM
 *
 * The format is the one that Docker, Podman and containerd share, and that of the
 * OCI runtime specification ("linux.seccomp").  The words are the capabilities that
 * the command will hold: policies ask for them.
 *
 * A name, an action or a key that is not understood is an error, since what it
 * should have closed would stay open; but where all is refused that no rule
 * allows, a call that this libseccomp does not know is refused, and passed over.
 *
 * It runs unprivileged, looks at nothing but its input, and says what is wrong with
 * that on its output, with status 1.
 */
#include <errno.h>
#include <json-c/json.h>
#include <seccomp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/utsname.h>
#include <unistd.h>

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))

enum { LARGEST = 1 << 20 };

static scmp_filter_ctx filter;
static const char *capabilities;
static uint32_t standard;		/* the action where no rule matches */

static _Noreturn void refuse(const char *what, ...) __attribute__((format(printf, 1, 2)));
static _Noreturn void refuse(const char *what, ...)
{
	va_list args;

	va_start(args, what);
	(void)vprintf(what, args);
	va_end(args);
	(void)fflush(stdout);
	exit(1);
}

/* ---- JSON ---------------------------------------------------------------------------------- */

static struct json_object *parse_input(void)
{
	static char text[LARGEST + 1];
	size_t n = fread(text, 1, sizeof(text), stdin);
	struct json_tokener *tokener = json_tokener_new();
	struct json_object *policy;

	if (ferror(stdin) || n > LARGEST)
		refuse("it cannot be read, or is larger than %d bytes", LARGEST);
	if (tokener == NULL)
		refuse("out of memory");
	json_tokener_set_flags(tokener, JSON_TOKENER_STRICT | JSON_TOKENER_VALIDATE_UTF8);
	policy = json_tokener_parse_ex(tokener, text, (int)n);
	if (json_tokener_get_error(tokener) == json_tokener_continue)
		refuse("the JSON ends too early");
	if (policy == NULL || !json_object_is_type(policy, json_type_object))
		refuse("it is no JSON object: %s",
		       json_tokener_error_desc(json_tokener_get_error(tokener)));
	for (size_t i = json_tokener_get_parse_end(tokener); i < n; i++)
		if (strchr(" \t\r\n", text[i]) == NULL || text[i] == '\0')
			refuse("something follows the JSON object");
	return policy;
}

/* A key's value, which must be of the type; NULL if it is not there, or null. */
static struct json_object *get(struct json_object *object, const char *key, enum json_type type)
{
	struct json_object *value;

	if (!json_object_object_get_ex(object, key, &value) || value == NULL)
		return NULL;
	if (!json_object_is_type(value, type))
		refuse("\"%s\" is not of the type %s", key, json_type_to_name(type));
	return value;
}

static const char *get_word(struct json_object *object, const char *key)
{
	struct json_object *value = get(object, key, json_type_string);

	return value != NULL ? json_object_get_string(value) : NULL;
}

static void check_keys(struct json_object *object, const char *where, const char *const *known)
{
	json_object_object_foreach(object, key, value) {
		const char *const *name = known;

		(void)value;
		while (*name != NULL && strcmp(*name, key) != 0)
			name++;
		if (*name == NULL)
			refuse("%s has a key \"%.40s\", which is not understood", where, key);
	}
}

static size_t length(struct json_object *list)
{
	return list != NULL ? json_object_array_length(list) : 0;
}

static struct json_object *element(struct json_object *list, size_t i, enum json_type type,
				   const char *what)
{
	struct json_object *value = json_object_array_get_idx(list, i);

	if (!json_object_is_type(value, type))
		refuse("an element of \"%s\" is not of the type %s", what, json_type_to_name(type));
	return value;
}

static const char *word(struct json_object *list, size_t i, const char *what)
{
	return json_object_get_string(element(list, i, json_type_string, what));
}

/* Numbers are 64 bits; JSON's negative ones are what C makes of them. */
static uint64_t get_number(struct json_object *object, const char *key)
{
	struct json_object *value = get(object, key, json_type_int);

	if (value == NULL)
		return 0;
	return json_object_get_int64(value) < 0 ? (uint64_t)json_object_get_int64(value) :
						  json_object_get_uint64(value);
}

/* ---- words --------------------------------------------------------------------------------- */

static uint32_t read_action(struct json_object *object, const char *key, const char *errno_key)
{
	const char *name = get_word(object, key);
	bool has_errno = get(object, errno_key, json_type_int) != NULL;
	uint64_t err = has_errno ? get_number(object, errno_key) : EPERM;
	const struct { const char *name; uint32_t action; } actions[] = {
		{ "SCMP_ACT_ALLOW", SCMP_ACT_ALLOW },
		{ "SCMP_ACT_ERRNO", SCMP_ACT_ERRNO(err & 0xffff) },
		{ "SCMP_ACT_KILL", SCMP_ACT_KILL_THREAD },
		{ "SCMP_ACT_KILL_THREAD", SCMP_ACT_KILL_THREAD },
		{ "SCMP_ACT_KILL_PROCESS", SCMP_ACT_KILL_PROCESS },
		{ "SCMP_ACT_TRAP", SCMP_ACT_TRAP },
		{ "SCMP_ACT_LOG", SCMP_ACT_LOG },
	};

	if (name == NULL)
		refuse("\"%s\" is missing", key);
	if (err > 4095)			/* MAX_ERRNO: more would be no error */
		refuse("\"%s\" is no error number", errno_key);
	for (size_t i = 0; i < COUNT(actions); i++)
		if (strcmp(actions[i].name, name) == 0)
			return actions[i].action;
	refuse("there is no action %.40s for croft", name);
}

static bool is_open(uint32_t action)
{
	return action == SCMP_ACT_ALLOW || action == SCMP_ACT_LOG;
}

static bool holds_capability(const char *name)
{
	size_t n = strlen(name);

	for (const char *at = capabilities; *at != '\0'; at += strcspn(at, " ")) {
		at += strspn(at, " ");
		if (strcspn(at, " ") == n && strncasecmp(at, name, n) == 0)
			return true;
	}
	return false;
}

/* "SCMP_ARCH_X86_64" */
static uint32_t read_arch(const char *name)
{
	static const char prefix[] = "SCMP_ARCH_";
	char lower[32] = "";
	uint32_t token = 0;

	if (strncmp(name, prefix, strlen(prefix)) == 0 && strlen(name) < sizeof(lower)) {
		for (size_t i = 0; name[i + strlen(prefix)] != '\0'; i++)
			lower[i] = (char)(name[i + strlen(prefix)] |
					  (name[i + strlen(prefix)] == '_' ? 0 : 0x20));
		token = seccomp_arch_resolve_name(lower);
	}
	return token;
}

static void add_arch(const char *name)
{
	uint32_t token = read_arch(name);
	int err;

	if (token == 0)
		refuse("there is no architecture %.40s", name);
	/* Another byte order cannot be in the same filter, and is not this machine. */
	err = seccomp_arch_add(filter, token);
	if (err < 0 && err != -EEXIST && err != -EDOM)
		refuse("the architecture %.40s: %s", name, strerror(-err));
}

/* ---- architectures ------------------------------------------------------------------------- */

/* Of this machine's kind alone: numbers of others never come up here. */
static bool is_of_this_machine(const char *name)
{
	static const char *const kinds[][4] = {
		{ "SCMP_ARCH_X86_64", "SCMP_ARCH_X86", "SCMP_ARCH_X32", NULL },
		{ "SCMP_ARCH_AARCH64", "SCMP_ARCH_ARM", NULL },
	};
	bool here, listed;

	for (size_t k = 0; k < COUNT(kinds); k++) {
		here = read_arch(kinds[k][0]) == seccomp_arch_native();
		listed = false;
		for (size_t i = 0; kinds[k][i] != NULL; i++)
			listed = listed || strcmp(kinds[k][i], name) == 0;
		if (here)
			return listed;
	}
	return read_arch(name) == seccomp_arch_native();
}

static void add_archs(struct json_object *policy)
{
	static const char *const keys[] = { "architecture", "subArchitectures", NULL };
	struct json_object *list = get(policy, "architectures", json_type_array);
	struct json_object *map = get(policy, "archMap", json_type_array);

	if (list != NULL && map != NULL)
		refuse("\"architectures\" and \"archMap\" exclude each other");
	for (size_t i = 0; i < length(list); i++)
		if (is_of_this_machine(word(list, i, "architectures")))
			add_arch(word(list, i, "architectures"));
		else if (read_arch(word(list, i, "architectures")) == 0)
			refuse("there is no architecture %.40s", word(list, i, "architectures"));
	for (size_t i = 0; i < length(map); i++) {
		struct json_object *entry = element(map, i, json_type_object, "archMap");
		struct json_object *more = get(entry, "subArchitectures", json_type_array);
		const char *name = get_word(entry, "architecture");

		check_keys(entry, "an entry of \"archMap\"", keys);
		if (name == NULL || read_arch(name) == 0)
			refuse("an entry of \"archMap\" names no architecture");
		if (read_arch(name) == seccomp_arch_native())
			for (size_t j = 0; j < length(more); j++)
				add_arch(word(more, j, "subArchitectures"));
	}
}

/* ---- rules --------------------------------------------------------------------------------- */

static enum scmp_compare read_operator(const char *name)
{
	static const struct { const char *name; enum scmp_compare operator; } operators[] = {
		{ "SCMP_CMP_NE", SCMP_CMP_NE }, { "SCMP_CMP_LT", SCMP_CMP_LT },
		{ "SCMP_CMP_LE", SCMP_CMP_LE }, { "SCMP_CMP_EQ", SCMP_CMP_EQ },
		{ "SCMP_CMP_GE", SCMP_CMP_GE }, { "SCMP_CMP_GT", SCMP_CMP_GT },
		{ "SCMP_CMP_MASKED_EQ", SCMP_CMP_MASKED_EQ },
	};

	for (size_t i = 0; name != NULL && i < COUNT(operators); i++)
		if (strcmp(operators[i].name, name) == 0)
			return operators[i].operator;
	refuse("there is no comparison %.40s", name != NULL ? name : "without \"op\"");
}

static unsigned read_comparisons(struct json_object *list, struct scmp_arg_cmp comparisons[6])
{
	static const char *const keys[] = { "index", "value", "valueTwo", "op", NULL };

	if (length(list) > 6)
		refuse("a rule compares more than six arguments");
	for (size_t i = 0; i < length(list); i++) {
		struct json_object *entry = element(list, i, json_type_object, "args");
		uint64_t index = get_number(entry, "index");

		check_keys(entry, "an entry of \"args\"", keys);
		if (index > 5)
			refuse("there is no argument %llu", (unsigned long long)index);
		comparisons[i] = (struct scmp_arg_cmp){
			.arg = (unsigned)index, .op = read_operator(get_word(entry, "op")),
			.datum_a = get_number(entry, "value"),
			.datum_b = get_number(entry, "valueTwo"),
		};
	}
	return (unsigned)length(list);
}

/* An argument compared twice is two rules for libseccomp: either is enough, as for containers. */
static bool compares_twice(const struct scmp_arg_cmp *comparisons, unsigned n)
{
	for (unsigned i = 0; i < n; i++)
		for (unsigned j = 0; j < i; j++)
			if (comparisons[i].arg == comparisons[j].arg)
				return true;
	return false;
}

static void add_rule(const char *name, uint32_t action, const struct scmp_arg_cmp *comparisons,
		     unsigned n)
{
	int number = seccomp_syscall_resolve_name(name), err = 0;

	if (number == __NR_SCMP_ERROR) {
		if (is_open(action) || !is_open(standard))
			return;		/* it stays refused */
		refuse("there is no system call %.40s", name);
	}
	if (action == standard)
		return;
	if (!compares_twice(comparisons, n))
		err = seccomp_rule_add_array(filter, action, number, n, comparisons);
	for (unsigned i = 0; compares_twice(comparisons, n) && i < n && err == 0; i++)
		err = seccomp_rule_add_array(filter, action, number, 1, &comparisons[i]);
	if (err < 0 && err != -EEXIST)
		refuse("the rule for %.40s: %s", name, strerror(-err));
}

/* Does the running kernel have at least this version, "4.8"? */
static bool is_kernel(const char *least)
{
	struct utsname name;
	unsigned wanted[2], have[2];
	char rest;

	if (sscanf(least, "%u.%u%c", &wanted[0], &wanted[1], &rest) != 2)
		refuse("\"minKernel\" is no version: %.40s", least);
	if (uname(&name) < 0 || sscanf(name.release, "%u.%u", &have[0], &have[1]) != 2)
		refuse("the kernel's version cannot be read");
	return have[0] != wanted[0] ? have[0] > wanted[0] : have[1] >= wanted[1];
}

/* Docker's short names of architectures. */
static bool names_this_machine(const char *name)
{
	static const struct { const char *name; uint32_t token; } names[] = {
		{ "amd64", SCMP_ARCH_X86_64 }, { "x32", SCMP_ARCH_X32 }, { "x86", SCMP_ARCH_X86 },
		{ "arm64", SCMP_ARCH_AARCH64 }, { "arm", SCMP_ARCH_ARM },
		{ "ppc64le", SCMP_ARCH_PPC64LE }, { "riscv64", SCMP_ARCH_RISCV64 },
		{ "s390x", SCMP_ARCH_S390X }, { "s390", SCMP_ARCH_S390 },
	};

	for (size_t i = 0; i < COUNT(names); i++)
		if (strcmp(names[i].name, name) == 0)
			return seccomp_arch_exist(filter, names[i].token) == 0;
	return false;
}

/* All that "includes" names must be so, and nothing that "excludes" does. */
static bool applies(struct json_object *rule, const char *key, bool wanted)
{
	static const char *const keys[] = { "caps", "arches", "minKernel", NULL };
	struct json_object *condition = get(rule, key, json_type_object), *caps, *archs;
	bool some = false;

	if (condition == NULL)
		return true;
	check_keys(condition, key, keys);
	caps = get(condition, "caps", json_type_array);
	archs = get(condition, "arches", json_type_array);
	for (size_t i = 0; i < length(caps); i++)
		if (holds_capability(word(caps, i, "caps")) != wanted)
			return false;
	for (size_t i = 0; i < length(archs); i++)
		some = some || names_this_machine(word(archs, i, "arches"));
	if (length(archs) > 0 && some != wanted)
		return false;
	return get_word(condition, "minKernel") == NULL ||
	       is_kernel(get_word(condition, "minKernel")) == wanted;
}

static void add_rules(struct json_object *rule)
{
	static const char *const keys[] = {
		"names", "name", "action", "errnoRet", "errno", "args", "comment", "includes",
		"excludes", NULL
	};
	struct json_object *names = get(rule, "names", json_type_array);
	struct scmp_arg_cmp comparisons[6];
	unsigned n = read_comparisons(get(rule, "args", json_type_array), comparisons);
	uint32_t action = read_action(rule, "action", "errnoRet");

	check_keys(rule, "a rule", keys);
	if ((names == NULL) == (get_word(rule, "name") == NULL))
		refuse("a rule has either \"names\" or \"name\"");
	if (!applies(rule, "includes", true) || !applies(rule, "excludes", false))
		return;
	if (names == NULL)
		add_rule(get_word(rule, "name"), action, comparisons, n);
	for (size_t i = 0; i < length(names); i++)
		add_rule(word(names, i, "names"), action, comparisons, n);
}

/* ---- the whole ----------------------------------------------------------------------------- */

static void check_flags(struct json_object *policy)
{
	struct json_object *flags = get(policy, "flags", json_type_array);

	/* LOG and SPEC_ALLOW change what is logged and what is mitigated, TSYNC nothing here. */
	for (size_t i = 0; i < length(flags); i++)
		if (strcmp(word(flags, i, "flags"), "SECCOMP_FILTER_FLAG_TSYNC") != 0 &&
		    strcmp(word(flags, i, "flags"), "SECCOMP_FILTER_FLAG_LOG") != 0 &&
		    strcmp(word(flags, i, "flags"), "SECCOMP_FILTER_FLAG_SPEC_ALLOW") != 0)
			refuse("there is no flag %.40s for croft", word(flags, i, "flags"));
}

static void compile(struct json_object *policy)
{
	static const char *const keys[] = {
		"defaultAction", "defaultErrnoRet", "defaultErrno", "architectures", "archMap",
		"syscalls", "flags", "comment", NULL
	};
	struct json_object *rules = get(policy, "syscalls", json_type_array);

	check_keys(policy, "the policy", keys);
	check_flags(policy);
	standard = read_action(policy, "defaultAction", "defaultErrnoRet");
	filter = seccomp_init(standard);
	if (filter == NULL ||
	    seccomp_attr_set(filter, SCMP_FLTATR_ACT_BADARCH, SCMP_ACT_KILL_PROCESS) < 0)
		refuse("libseccomp cannot begin a filter");
	(void)seccomp_attr_set(filter, SCMP_FLTATR_CTL_OPTIMIZE, 2);	/* a tree, where it can */
	add_archs(policy);
	for (size_t i = 0; i < length(rules); i++)
		add_rules(element(rules, i, json_type_object, "syscalls"));
}

int main(int argc, char **argv)
{
	int err;

	capabilities = argc > 1 ? argv[1] : "";
	compile(parse_input());
	err = seccomp_export_bpf(filter, STDOUT_FILENO);
	return err == 0 ? 0 : 2;
}
