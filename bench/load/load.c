/*
 * A load generator for SIP over UDP on loopback, cheap enough not to be what is measured.
 *
 *   load options PORT SECONDS WINDOW      OPTIONS, WINDOW outstanding
 *   load invite  PORT SECONDS WINDOW      whole calls: INVITE (1xx) 200 ACK BYE 200, WINDOW at once
 *
 * It never sleeps: waking a process on another core costs the one that sends, in a virtual machine more than the datagram
 * itself, and only a server slow enough to let the load fall asleep would pay for it.
 *
 * Each slot of the window has one exchange under way and starts the next when it ends, or after 500 ms without an
 * answer, which counts as lost, or with an answer that is no 2xx, which counts as refused: a server that says 503 has not
 * served. Prints one line of JSON: exchanges done, lost and refused, latency of an exchange in microseconds (of INVITE to its
 * 200 for calls) as median and 99th percentile, and the seconds it took.
 */
#include <arpa/inet.h>
#include <errno.h>
#include <netinet/in.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

enum { MAX_WINDOW = 4096, MAX_SAMPLES = 4 << 20, LOST_US = 500000 };

struct slot {
  uint64_t sent;     /* when the request under way left, microseconds */
  uint32_t exchange; /* its number, in branch and Call-ID */
  int bye;           /* whether the BYE is under way */
};

static struct slot slots[MAX_WINDOW];
static uint32_t *samples;
static int sample_count, fd, window, invites, local_port, remote_port;
static uint32_t run_id;
static uint64_t done, lost, refused;

static uint64_t now_us(void) {
  struct timespec t;
  clock_gettime(CLOCK_MONOTONIC, &t);
  return (uint64_t)t.tv_sec * 1000000u + (uint64_t)t.tv_nsec / 1000u;
}

static const char *sdp =
    "v=0\r\no=- 1 1 IN IP4 127.0.0.1\r\ns=-\r\nc=IN IP4 127.0.0.1\r\nt=0 0\r\nm=audio 9 RTP/AVP 0\r\n";

/* `tail` tells the transactions of one call apart: i INVITE, a ACK, b BYE, o OPTIONS. */
static void send_request(int s, const char *method, char tail, const char *tag, int cseq, const char *body) {
  char out[2048];
  int n = snprintf(out, sizeof out,
                   "%s sip:bench@127.0.0.1:%d SIP/2.0\r\n"
                   "Via: SIP/2.0/UDP 127.0.0.1:%d;branch=z9hG4bK%08x-%d-%u%c\r\n"
                   "From: \"Bench\" <sip:load@127.0.0.1:%d>;tag=%08xs%d\r\n"
                   "To: <sip:bench@127.0.0.1:%d>%s%s\r\n"
                   "Call-ID: %08x-%d-%u@127.0.0.1\r\n"
                   "CSeq: %d %s\r\n"
                   "Contact: <sip:load@127.0.0.1:%d>\r\n"
                   "Max-Forwards: 70\r\nUser-Agent: load\r\nAccept: application/sdp\r\n%s"
                   "Content-Length: %zu\r\n\r\n%s",
                   method, remote_port, local_port, run_id, s, slots[s].exchange, tail, local_port, run_id, s,
                   remote_port, tag[0] ? ";tag=" : "", tag, run_id, s, slots[s].exchange, cseq, method, local_port,
                   body[0] ? "Content-Type: application/sdp\r\n" : "", strlen(body), body);
  if (send(fd, out, (size_t)n, 0) < 0 && errno != ECONNREFUSED) perror("send"); /* nobody there: lost */
}

static void start(int s) {
  slots[s].exchange++;
  slots[s].bye = 0;
  slots[s].sent = now_us();
  if (invites)
    send_request(s, "INVITE", 'i', "", 1, sdp);
  else
    send_request(s, "OPTIONS", 'o', "", 1, "");
}

/* The tag of To, into `tag`. */
static void to_tag(const char *message, char *tag, size_t size) {
  const char *to = strstr(message, "\r\nTo:");
  const char *end = to ? strstr(to + 2, "\r\n") : NULL;
  const char *at = to ? strstr(to, ";tag=") : NULL;
  size_t n = 0;
  tag[0] = 0;
  if (at == NULL || end == NULL || at > end) return;
  for (at += 5; at < end && *at != ';' && n + 1 < size; at++) tag[n++] = *at;
  tag[n] = 0;
}

static void receive(char *in, int measuring) {
  char *branch = strstr(in, "branch=z9hG4bK");
  int status, s;
  unsigned run, exchange;
  char tail, tag[128];
  if (strncmp(in, "OPTIONS ", 8) == 0) status = 200; /* from an echo, the limit */
  else if (sscanf(in, "SIP/2.0 %d", &status) != 1) return;
  if (branch == NULL) return;
  if (sscanf(branch, "branch=z9hG4bK%8x-%d-%u%c", &run, &s, &exchange, &tail) != 4) return;
  if (run != run_id || s < 0 || s >= window || exchange != slots[s].exchange || status < 200) return;
  if (status > 299) {
    if (measuring) refused++;
    if (tail == 'i') {
      to_tag(in, tag, sizeof tag);
      send_request(s, "ACK", 'i', tag, 1, ""); /* part of the transaction (17.1.1.3) */
    }
    start(s);
    return;
  }
  if (tail == 'i') {
    to_tag(in, tag, sizeof tag);
    send_request(s, "ACK", 'a', tag, 1, "");
    if (slots[s].bye) return; /* the 200 again: its ACK was late */
    if (measuring && sample_count < MAX_SAMPLES) samples[sample_count++] = (uint32_t)(now_us() - slots[s].sent);
    slots[s].bye = 1;
    slots[s].sent = now_us();
    send_request(s, "BYE", 'b', tag, 2, "");
    return;
  }
  if (tail == 'o' && measuring && sample_count < MAX_SAMPLES)
    samples[sample_count++] = (uint32_t)(now_us() - slots[s].sent);
  if (measuring) done++;
  start(s);
}

static int ascending(const void *a, const void *b) {
  uint32_t x = *(const uint32_t *)a, y = *(const uint32_t *)b;
  return x < y ? -1 : x > y;
}

int main(int argc, char **argv) {
  if (argc != 5) {
    fprintf(stderr, "load options|invite PORT SECONDS WINDOW\n");
    return 2;
  }
  invites = strcmp(argv[1], "invite") == 0;
  remote_port = atoi(argv[2]);
  double seconds = atof(argv[3]);
  window = atoi(argv[4]);
  if (window < 1 || window > MAX_WINDOW) return 2;
  samples = malloc(MAX_SAMPLES * sizeof *samples);
  run_id = (uint32_t)now_us() ^ ((uint32_t)getpid() << 16);
  fd = socket(AF_INET, SOCK_DGRAM, 0);
  int buffer = 8 << 20;
  setsockopt(fd, SOL_SOCKET, SO_RCVBUF, &buffer, sizeof buffer);
  struct sockaddr_in at = {.sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
  socklen_t size = sizeof at;
  if (bind(fd, (struct sockaddr *)&at, sizeof at) < 0 || getsockname(fd, (struct sockaddr *)&at, &size) < 0) return 1;
  local_port = ntohs(at.sin_port);
  at.sin_port = htons((uint16_t)remote_port);
  if (connect(fd, (struct sockaddr *)&at, sizeof at) < 0) return 1;

  uint64_t begun = now_us(), end = begun + (uint64_t)(seconds * 1e6), checked = begun;
  for (int s = 0; s < window; s++) start(s);
  while (now_us() < end) {
    static char in[65536];
    for (int k = 0; k < 64; k++) {
      ssize_t n = recv(fd, in, sizeof in - 1, MSG_DONTWAIT);
      if (n <= 0) break;
      in[n] = 0;
      receive(in, 1);
    }
    uint64_t t = now_us();
    if (t - checked > 50000)
      for (checked = t; t; t = 0)
        for (int s = 0; s < window; s++)
          if (checked - slots[s].sent > LOST_US) {
            lost++;
            start(s);
          }
  }
  double took = (double)(now_us() - begun) / 1e6;
  qsort(samples, (size_t)sample_count, sizeof *samples, ascending);
  printf("{\"done\":%llu,\"lost\":%llu,\"refused\":%llu,\"p50\":%u,\"p99\":%u,\"seconds\":%.3f}\n", (unsigned long long)done,
         (unsigned long long)lost, (unsigned long long)refused, sample_count ? samples[sample_count / 2] : 0,
         sample_count ? samples[(int)(sample_count * 0.99)] : 0, took);
  return 0;
}
