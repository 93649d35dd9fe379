// Why: the worker includes ankerl::unordered_dense, a header library that Debian 12 does not package. Everything
// that the worker asks of it (map, set, hash) exists in Abseil, which the worker needs anyway for libwebrtc and
// which was the worker's own choice before it moved to this library. Both are open-addressing tables, so the
// look-ups by SSRC, address and pointer that happen for every packet stay as flat as upstream intends.
//
// One difference is closed here: the worker writes `it = map.erase(it)`, and Abseil's erase(iterator) returns
// nothing. Abseil never moves other elements on erase, so the next iterator can be taken beforehand.
#pragma once

#include <absl/container/flat_hash_map.h>
#include <absl/container/flat_hash_set.h>
#include <absl/hash/hash.h>
#include <functional>
#include <iterator>

namespace ankerl::unordered_dense
{
  // The worker feeds its results to a combiner that mixes little by itself, so std::hash (the identity for numbers)
  // would not do.
  template<typename T>
  using hash = absl::Hash<T>;

  template<typename Base>
  class erase_returns_next : public Base
  {
  public:
    using typename Base::const_iterator;
    using typename Base::iterator;

    using Base::Base;
    using Base::erase;

    // Chosen before the base's overloads, which differ in their return type only.
    iterator erase(iterator it)
    {
      const auto next = std::next(it);

      Base::erase(it);

      return next;
    }
  };

  // Rest: a hash and an equality of the caller's own, where it has them; the defaults stay Abseil's.
  template<typename Key, typename Value, typename... Rest>
  using map = erase_returns_next<absl::flat_hash_map<Key, Value, Rest...>>;

  template<typename Key, typename... Rest>
  using set = erase_returns_next<absl::flat_hash_set<Key, Rest...>>;
} // namespace ankerl::unordered_dense
