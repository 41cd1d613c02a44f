#include "store/job.h"

#include <stdlib.h>

#include "base/mem.h"

struct job *
job_new(enum job_type type)
{
	struct job *job = mem_zero(1, sizeof *job);

	job->type = type;
	arena_init(&job->arena);
	return job;
}

void
job_free(struct job *job)
{
	bundle_free(job->bundle);
	found_free(&job->found);
	arena_free(&job->arena);
	free(job);
}

void
jobs_add(struct jobs *jobs, struct job *job)
{
	job->next = NULL;
	if (jobs->last == NULL)
		jobs->first = job;
	else
		jobs->last->next = job;
	jobs->last = job;
	jobs->count++;
}

struct job *
jobs_take(struct jobs *jobs)
{
	struct job *job = jobs->first;

	if (job == NULL)
		return NULL;
	jobs->first = job->next;
	if (jobs->first == NULL)
		jobs->last = NULL;
	jobs->count--;
	return job;
}

void
jobs_append(struct jobs *jobs, struct jobs *more)
{
	if (more->first == NULL)
		return;
	if (jobs->last == NULL)
		jobs->first = more->first;
	else
		jobs->last->next = more->first;
	jobs->last = more->last;
	jobs->count += more->count;
	*more = (struct jobs){ 0 };
}

void
jobs_prepend(struct jobs *jobs, struct jobs *more)
{
	jobs_append(more, jobs);
	*jobs = *more;
	*more = (struct jobs){ 0 };
}

void
jobs_free(struct jobs *jobs)
{
	struct job *job;

	while ((job = jobs_take(jobs)) != NULL)
		job_free(job);
}

void
jobs_add_trouble(struct jobs *jobs, const char *code, const char *text)
{
	struct job *job = job_new(JOB_TROUBLE);

	job->name = arena_text(&job->arena, code);
	job->text = arena_text(&job->arena, text);
	jobs_add(jobs, job);
}
