// OpenSSL 3, as Debian's libssl-dev has it, and what Swift cannot see of it: macros with arguments
// and variadic functions.
#ifndef COPENSSL_SHIM_H
#define COPENSSL_SHIM_H

#include <openssl/bio.h>
#include <openssl/err.h>
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/ssl.h>
#include <openssl/x509.h>
#include <openssl/x509v3.h>

static inline EVP_PKEY *copenssl_make_p256_key(void) { return EVP_EC_gen("P-256"); }

static inline X509_EXTENSION *copenssl_extension(X509 *issuer, X509 *subject, int nid,
                                                 const char *value) {
  X509V3_CTX context;
  X509V3_set_ctx_nodb(&context);
  X509V3_set_ctx(&context, issuer, subject, NULL, NULL, 0);
  return X509V3_EXT_conf_nid(NULL, &context, nid, value);
}

static inline int copenssl_require_tls12(SSL_CTX *context) {
  return SSL_CTX_set_min_proto_version(context, TLS1_2_VERSION);
}

static inline int copenssl_ask_for_server(SSL *connection, const char *name) {
  return SSL_set_tlsext_host_name(connection, name);
}

// A BIO in memory that is empty says "later", not "the end".
static inline BIO *copenssl_memory(void) {
  BIO *memory = BIO_new(BIO_s_mem());
  if (memory) BIO_set_mem_eof_return(memory, -1);
  return memory;
}

static inline size_t copenssl_pending(BIO *memory) { return BIO_ctrl_pending(memory); }

#endif
