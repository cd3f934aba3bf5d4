#include "inflow.h"

#include "transfer.h"

static void list(ccurl_transfer *transfer) {
    if (transfer->inflow.is_listed || !transfer->arrived) return;
    transfer->inflow.is_listed = true;
    transfer->inflow.next = *transfer->arrived;
    *transfer->arrived = transfer;
}

void inflow_unlist(ccurl_transfer *transfer) {
    if (!transfer->inflow.is_listed) return;
    ccurl_transfer **link = transfer->arrived;
    while (*link && *link != transfer) link = &(*link)->inflow.next;
    if (*link) *link = transfer->inflow.next;
    transfer->inflow.is_listed = false;
}

size_t inflow_receive(ccurl_transfer *transfer, const char *bytes, size_t count) {
    inflow *inflow = &transfer->inflow;
    if (inflow->is_full || transfer->body.count >= inflow->window) {
        inflow->is_held = true;
        return CURL_WRITEFUNC_PAUSE;
    }
    transfer->too_large = count > transfer->body.limit - inflow->received;
    if (transfer->too_large || !sink_append(&transfer->body, bytes, count)) return CURL_WRITEFUNC_ERROR;
    inflow->received += count;
    list(transfer);
    return count;
}

void ccurl_set_inflow(ccurl_transfer *transfer, size_t window) {
    transfer->inflow.is_on = true;
    transfer->inflow.window = window;
}

void ccurl_arrived_taken(ccurl_transfer *transfer) { transfer->body.count = 0; }

void ccurl_inflow_hold(ccurl_transfer *transfer) { transfer->inflow.is_full = true; }

void ccurl_inflow_resume(ccurl_transfer *transfer) {
    transfer->inflow.is_full = false;
    if (!transfer->inflow.is_held) return;
    transfer->inflow.is_held = false;
    // What it fails of, the transfer ends of.
    curl_easy_pause(transfer->easy, CURLPAUSE_CONT);
}
