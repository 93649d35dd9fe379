// Why: the worker watches its outgoing DTLS BIO with a callback that answers 1 to every operation except a bare
// BIO_CB_RETURN. OpenSSL never passes that value alone: it is a bit added to the operation (BIO_CB_RETURN |
// BIO_CB_CTRL, ...), and the callback's answer replaces the operation's result. A distribution's OpenSSL is built
// with kernel TLS and asks the BIO for BIO_CTRL_GET_KTLS_SEND; the answer 1 says "yes", OpenSSL then skips its own
// write buffer, and the process dies in SSL_read at the first DTLS handshake. The OpenSSL that upstream compiles has
// no kernel TLS and never asks.
//
// This header is included ahead of DtlsTransport.cpp (and no other file). It wraps the callback that is being
// registered, so that an operation which is returning keeps its own result.
#pragma once

#include <openssl/bio.h>

namespace parley
{
  // The callback is a template argument: no state to keep beside the BIO, whose argument slot the worker uses itself.
  template<BIO_callback_fn_ex Callback>
  long keepBioReturn(
    BIO* bio, int operation, const char* argp, size_t len, int argi, long argl, int ret, size_t* processed)
  {
    const long answer = Callback(bio, operation, argp, len, argi, argl, ret, processed);

    return (operation & BIO_CB_RETURN) ? static_cast<long>(ret) : answer;
  }
} // namespace parley

// A macro is not expanded again inside its own expansion, so the inner name is OpenSSL's function.
#define BIO_set_callback_ex(bio, callback) BIO_set_callback_ex((bio), &parley::keepBioReturn<(callback)>)
