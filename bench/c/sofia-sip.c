/* sofia-sip: a message is copied, its header fields are parsed, the whole is freed. */
#include <sofia-sip/msg.h>
#include <sofia-sip/sip.h>
#include <sofia-sip/sip_header.h>

#include "rate.h"

static uintptr_t handle(const char *data, size_t length, enum work work) {
  msg_t *msg = msg_make(sip_default_mclass(), 0, data, length);
  sip_t *sip = msg == NULL ? NULL : sip_object(msg);
  uintptr_t result = 0;
  if (sip == NULL || (msg_object(msg)->msg_flags & MSG_FLG_ERROR) || sip->sip_from == NULL ||
      sip->sip_to == NULL || sip->sip_via == NULL || sip->sip_cseq == NULL || sip->sip_call_id == NULL)
    return 0;
  if (work == PARSE)
    result = (uintptr_t)sip;
  else if (work == TOUCH) {
    const sip_contact_t *contact = sip->sip_contact;
    result = 1 + (uintptr_t)sip->sip_from->a_url->url_host[0] + (uintptr_t)sip->sip_from->a_tag +
             (uintptr_t)sip->sip_to->a_url->url_host[0] + (uintptr_t)sip->sip_to->a_tag +
             (uintptr_t)sip->sip_via->v_host[0] + (uintptr_t)sip->sip_via->v_branch +
             sip->sip_cseq->cs_seq + sip->sip_cseq->cs_method +
             (contact == NULL ? 0 : (uintptr_t)contact->m_url->url_host[0]);
  } else {
    size_t written = 0;
    char *text = msg_as_string(msg_home(msg), msg, NULL, 0, &written);
    result = text != NULL && text[0] == data[0] ? written : 0;
  }
  msg_destroy(msg);
  return result;
}
