/* SPDX-License-Identifier: MIT */
/*
 * Creates the PostgreSQL schema and prepares every statement there is, in a database that the environment
 * names (PGHOST and such). TAP: one line for the schema, one for the guards, one a statement.
 */
#include "config.h"

#include <stdio.h>

#include <libpq-fe.h>

#include "store/schema.h"
#include "store/statements.h"

static int test;

static int report(int ok, const char *name, const char *why)
{
	printf("%s %d - %s\n", ok ? "ok" : "not ok", ++test, name);
	if (!ok)
		printf("# %s\n", why);
	return ok;
}

static int run(PGconn *db, const char *sql)
{
	PGresult *r = PQexec(db, sql);
	ExecStatusType status = PQresultStatus(r);

	PQclear(r);
	return status == PGRES_COMMAND_OK || status == PGRES_TUPLES_OK;
}

static int create_schema(PGconn *db)
{
	int ok = 1;

	for (int i = 0; i < VG_SCHEMA_VERSION; i++)
		for (const char *const *sql = vg_schema_postgresql[i]; ok && *sql;
		     sql++)
			ok = run(db, *sql);
	return report(ok, "the schema is created", PQerrorMessage(db));
}

static int prepare(PGconn *db, enum vg_sql sql)
{
	char name[32];
	PGresult *r;
	int ok;

	snprintf(name, sizeof(name), "statement %d", (int)sql);
	r = PQprepare(db, name, vg_sql_postgresql(sql), 0, NULL);
	ok = PQresultStatus(r) == PGRES_COMMAND_OK;
	PQclear(r);
	return report(ok, name, PQerrorMessage(db));
}

int main(void)
{
	PGconn *db = PQconnectdb("");
	int ok = PQstatus(db) == CONNECTION_OK;

	setvbuf(stdout, NULL, _IOLBF, 0);
	if (!ok) {
		printf("Bail out! %s\n", PQerrorMessage(db));
		PQfinish(db);
		return 1;
	}
	printf("1..%d\n", 3 + VG_SQL_COUNT);
	ok = create_schema(db);
	ok &= report(run(db, "INSERT INTO log_leaf (seq, kind, hash) VALUES"
			     " (0, 1, decode(repeat('ab', 32), 'hex'))"),
	    "a leaf is added", PQerrorMessage(db));
	ok &= report(!run(db, "UPDATE log_leaf SET kind = 2"),
	    "evidence does not change", "an UPDATE of log_leaf went through");
	for (int i = 0; i < VG_SQL_COUNT; i++)
		ok &= prepare(db, (enum vg_sql)i);
	PQfinish(db);
	return ok ? 0 : 1;
}
