/*
 * What the parsers in C share: reads the messages, does one kind of work over all of them until a budget of processor
 * time is spent, and prints how many were done in a CPU-second.
 *
 *   program FILE parse|touch|serialise MILLISECONDS
 *
 * FILE holds each message behind its length in decimal and a line end. A message that is refused ends the program
 * with an error.
 */
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

struct message {
  char *data;
  size_t length;
};

enum work { PARSE, TOUCH, SERIALISE };

/* Parses one message and does the work; what it returns depends on all of the result. 0 means refused. */
static uintptr_t handle(const char *data, size_t length, enum work work);

static double spent(void) {
  struct timespec now;
  clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &now);
  return now.tv_sec + now.tv_nsec / 1e9;
}

static size_t read_messages(const char *name, struct message **all) {
  FILE *file = fopen(name, "rb");
  size_t count = 0, length;
  if (file == NULL) return 0;
  *all = NULL;
  while (fscanf(file, "%zu", &length) == 1 && fgetc(file) == '\n') {
    *all = realloc(*all, (count + 1) * sizeof **all);
    (*all)[count].length = length;
    (*all)[count].data = calloc(1, length + 1);
    if (fread((*all)[count].data, 1, length, file) != length) return 0;
    count++;
  }
  fclose(file);
  return count;
}

static volatile uintptr_t sink;

static double rate(const struct message *all, size_t count, enum work work, double budget) {
  const double begun = spent();
  size_t done = 0;
  do {
    for (size_t i = 0; i < count; i++) {
      const uintptr_t result = handle(all[i].data, all[i].length, work);
      if (result == 0) {
        fprintf(stderr, "refused:\n%s\n", all[i].data);
        exit(1);
      }
      sink ^= result;
    }
    done += count;
  } while (spent() - begun < budget);
  return done / (spent() - begun);
}

int main(int argc, char **argv) {
  struct message *all;
  const size_t count = argc == 4 ? read_messages(argv[1], &all) : 0;
  if (count == 0) {
    fprintf(stderr, "usage: %s FILE parse|touch|serialise MILLISECONDS\n", argv[0]);
    return 2;
  }
  const enum work work = argv[2][0] == 'p' ? PARSE : argv[2][0] == 't' ? TOUCH : SERIALISE;
  const double budget = atof(argv[3]) / 1000;
  rate(all, count, work, budget / 10); /* warm-up */
  printf("%.0f\n", rate(all, count, work, budget));
  return 0;
}
