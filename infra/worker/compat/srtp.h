// Why: the worker is written for libsrtp 3, whose only form is a fork's beta; Debian 12 has libsrtp 2.5. Both share
// the protocol code, what differs is the shape of the calls: libsrtp 3 hides its policy behind a pointer and takes
// separate input and output buffers, libsrtp 2 shows the policy struct and works in place. This header gives the
// worker the libsrtp 3 calls, expressed in libsrtp 2 ones.
//
// It is named srtp.h and stands first on the include path; the library's own header comes in by the name that the
// build gives in PARLEY_SRTP2_HEADER. Calls that kept their name are C++ overloads of the C functions, told apart by
// their parameters.
#pragma once

// The struct of libsrtp 2 makes room for the opaque pointer of libsrtp 3. Types have no linkage, so renaming them
// does not change which functions are linked.
#define srtp_policy_t srtp2_policy_t
#include PARLEY_SRTP2_HEADER
#undef srtp_policy_t

#include <cstddef>
#include <cstdint>
#include <cstring>
#include <limits>
#include <new>

// Error codes that libsrtp 3 adds. They continue the enumeration (whose last value is 27) and fit into its range.
inline constexpr auto srtp_err_status_buffer_small = static_cast<srtp_err_status_t>(28);
inline constexpr auto srtp_err_status_cryptex_err = static_cast<srtp_err_status_t>(29);

struct parley_srtp_policy
{
  srtp2_policy_t policy;
  // libsrtp 2 keeps a pointer to the key until srtp_create has copied it: the policy has to own the bytes.
  unsigned char key[SRTP_MAX_KEY_LEN];
};

using srtp_policy_t = parley_srtp_policy*;

inline srtp_err_status_t srtp_policy_create(srtp_policy_t* policy)
{
  *policy = new (std::nothrow) parley_srtp_policy{};

  return *policy ? srtp_err_status_ok : srtp_err_status_alloc_fail;
}

inline void srtp_policy_destroy(srtp_policy_t policy)
{
  if (!policy)
  {
    return;
  }

  // A plain memset before delete may be optimised away; keys should not stay in freed memory.
  volatile unsigned char* bytes = policy->key;

  for (size_t i = 0; i < sizeof(policy->key); ++i)
  {
    bytes[i] = 0;
  }

  delete policy;
}

inline srtp_err_status_t srtp_policy_set_ssrc(srtp_policy_t policy, srtp_ssrc_t ssrc)
{
  policy->policy.ssrc = ssrc;

  return srtp_err_status_ok;
}

inline srtp_err_status_t srtp_policy_set_profile(srtp_policy_t policy, srtp_profile_t profile)
{
  const auto err = srtp_crypto_policy_set_from_profile_for_rtp(&policy->policy.rtp, profile);

  if (err != srtp_err_status_ok)
  {
    return err;
  }

  return srtp_crypto_policy_set_from_profile_for_rtcp(&policy->policy.rtcp, profile);
}

inline srtp_err_status_t srtp_policy_add_key(
  srtp_policy_t policy,
  const uint8_t* key,
  size_t keyLen,
  const uint8_t* salt,
  size_t saltLen,
  const uint8_t* /*mki*/,
  size_t mkiLen)
{
  // The worker uses one key and no master key identifier; anything else would need another form of the policy.
  if (mkiLen != 0 || policy->policy.key != nullptr || keyLen + saltLen > sizeof(policy->key))
  {
    return srtp_err_status_bad_param;
  }

  std::memcpy(policy->key, key, keyLen);
  std::memcpy(policy->key + keyLen, salt, saltLen);
  policy->policy.key = policy->key;

  return srtp_err_status_ok;
}

inline srtp_err_status_t srtp_policy_set_allow_repeat_tx(srtp_policy_t policy, bool allow)
{
  policy->policy.allow_repeat_tx = allow ? 1 : 0;

  return srtp_err_status_ok;
}

inline srtp_err_status_t srtp_policy_set_window_size(srtp_policy_t policy, size_t size)
{
  policy->policy.window_size = size;

  return srtp_err_status_ok;
}

inline srtp_err_status_t srtp_create(srtp_t* session, srtp_policy_t policy)
{
  return srtp_create(session, &policy->policy);
}

// libsrtp 3 takes the SSRC in network order here, as libsrtp 2 does under the older name.
inline srtp_err_status_t srtp_stream_remove(srtp_t session, uint32_t ssrc)
{
  return srtp_remove_stream(session, ssrc);
}

namespace parley
{
  using InPlaceCall = srtp_err_status_t (*)(srtp_t, void*, int*);

  /**
   * Runs a libsrtp 2 call, which works in place, on separate buffers.
   * `growth` is what the call may append to the packet; without room for it the answer is "buffer small".
   */
  inline srtp_err_status_t srtpOnCopy(
    InPlaceCall call, srtp_t session, const uint8_t* in, size_t inLen, uint8_t* out, size_t* outLen, size_t growth)
  {
    if (inLen > static_cast<size_t>(std::numeric_limits<int>::max()) || inLen + growth > *outLen)
    {
      return srtp_err_status_buffer_small;
    }

    // Incoming packets come with in == out, so that nothing is copied; memmove allows any overlap.
    if (in != out)
    {
      std::memmove(out, in, inLen);
    }

    int len = static_cast<int>(inLen);
    const auto err = call(session, out, &len);

    if (err == srtp_err_status_ok)
    {
      *outLen = static_cast<size_t>(len);
    }

    return err;
  }

  // RTCP gets an index word in addition to the tag.
  inline constexpr size_t SrtcpIndexLen = 4;
} // namespace parley

inline srtp_err_status_t srtp_protect(
  srtp_t session, const uint8_t* rtp, size_t rtpLen, uint8_t* srtp, size_t* srtpLen, size_t /*mkiIndex*/)
{
  return parley::srtpOnCopy(srtp_protect, session, rtp, rtpLen, srtp, srtpLen, SRTP_MAX_TRAILER_LEN);
}

inline srtp_err_status_t srtp_unprotect(
  srtp_t session, const uint8_t* srtp, size_t srtpLen, uint8_t* rtp, size_t* rtpLen)
{
  return parley::srtpOnCopy(srtp_unprotect, session, srtp, srtpLen, rtp, rtpLen, 0);
}

inline srtp_err_status_t srtp_protect_rtcp(
  srtp_t session, const uint8_t* rtcp, size_t rtcpLen, uint8_t* srtcp, size_t* srtcpLen, size_t /*mkiIndex*/)
{
  return parley::srtpOnCopy(
    srtp_protect_rtcp, session, rtcp, rtcpLen, srtcp, srtcpLen, SRTP_MAX_TRAILER_LEN + parley::SrtcpIndexLen);
}

inline srtp_err_status_t srtp_unprotect_rtcp(
  srtp_t session, const uint8_t* srtcp, size_t srtcpLen, uint8_t* rtcp, size_t* rtcpLen)
{
  return parley::srtpOnCopy(srtp_unprotect_rtcp, session, srtcp, srtcpLen, rtcp, rtcpLen, 0);
}
