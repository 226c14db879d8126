/* libosip2: a message is allocated, parsed and freed. */
#include <osipparser2/osip_parser.h>

#include "rate.h"

static uintptr_t handle(const char *data, size_t length, enum work work) {
  static int ready = 0;
  osip_message_t *sip = NULL;
  uintptr_t result = 0;
  if (!ready) ready = parser_init() == 0;
  if (osip_message_init(&sip) != 0) return 0;
  if (osip_message_parse(sip, data, length) == 0 && sip->from != NULL && sip->to != NULL &&
      sip->cseq != NULL && sip->call_id != NULL && osip_list_size(&sip->vias) > 0) {
    if (work == PARSE)
      result = (uintptr_t)sip;
    else if (work == TOUCH) {
      osip_generic_param_t *from_tag = NULL, *to_tag = NULL, *branch = NULL;
      osip_via_t *via = osip_list_get(&sip->vias, 0);
      osip_contact_t *contact = osip_list_get(&sip->contacts, 0);
      osip_from_get_tag(sip->from, &from_tag);
      osip_to_get_tag(sip->to, &to_tag);
      osip_via_param_get_byname(via, "branch", &branch);
      result = 1 + (uintptr_t)sip->from->url->host[0] + (uintptr_t)from_tag +
               (uintptr_t)sip->to->url->host[0] + (uintptr_t)to_tag + (uintptr_t)via->host[0] +
               (uintptr_t)branch + (uintptr_t)sip->cseq->number[0] + (uintptr_t)sip->cseq->method[0] +
               (contact == NULL ? 0 : (uintptr_t)contact->url->host[0]);
    } else {
      char *text = NULL;
      size_t written = 0;
      if (osip_message_to_str(sip, &text, &written) == 0) result = written;
      osip_free(text);
    }
  }
  osip_message_free(sip);
  return result;
}
