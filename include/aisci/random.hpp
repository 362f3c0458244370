// Seeded random numbers that are the same everywhere.
//
// The standard library fixes its engines but not its distributions: the same seed gives other
// normals under another standard library. A study must repeat bit for bit, so aisci draws
// everything from this one class. Not for secrets.
//
//   aisci::Random random{42};
//   double u = random.uniform();              // [0, 1)
//   std::uint64_t k = random.below(6);        // 0..5, without modulo bias
//   aisci::Random child = random.fork(7);     // an independent stream, for ticket 7
//
// Generator: xoshiro256** seeded by SplitMix64 (Blackman and Vigna, "Scrambled linear
// pseudorandom number generators", ACM TOMS 47(4), 2021, doi:10.1145/3460772).
//
// Thread safety: a value; not shared between threads.
// Since 0.1.
#pragma once

#include <cmath>
#include <cstdint>
#include <utility>

namespace aisci {

// One step of SplitMix64: turns related numbers (1, 2, 3...) into unrelated ones.
constexpr std::uint64_t mix64(std::uint64_t x) noexcept {
  x += 0x9e3779b97f4a7c15ULL;
  x = (x ^ (x >> 30)) * 0xbf58476d1ce4e5b9ULL;
  x = (x ^ (x >> 27)) * 0x94d049bb133111ebULL;
  return x ^ (x >> 31);
}

class Random {
 public:
  using result_type = std::uint64_t;

  explicit Random(std::uint64_t seed) noexcept : seed_{seed} {
    for (std::uint64_t i = 0; i < 4; ++i) state_[i] = mix64(seed + i * 0x9e3779b97f4a7c15ULL);
  }

  // Next 64 random bits; with min() and max() a UniformRandomBitGenerator for std algorithms
  // whose result does not depend on the library (std::shuffle's does: use shuffle() below).
  std::uint64_t operator()() noexcept {
    const std::uint64_t result = rotate(state_[1] * 5, 7) * 9;
    const std::uint64_t t = state_[1] << 17;
    state_[2] ^= state_[0];
    state_[3] ^= state_[1];
    state_[1] ^= state_[2];
    state_[0] ^= state_[3];
    state_[2] ^= t;
    state_[3] = rotate(state_[3], 45);
    return result;
  }
  static constexpr std::uint64_t min() noexcept { return 0; }
  static constexpr std::uint64_t max() noexcept { return ~0ULL; }

  // Uniform on [0, 1), 53 bits.
  double uniform() noexcept { return static_cast<double>((*this)() >> 11) * 0x1.0p-53; }

  // Uniform on 0..n-1; 0 when n is 0. Rejection, so without bias.
  std::uint64_t below(std::uint64_t n) noexcept {
    if (n == 0) return 0;
    const std::uint64_t limit = max() - max() % n;
    std::uint64_t x = (*this)();
    while (x >= limit) x = (*this)();
    return x % n;
  }

  // Standard normal by the polar method (Marsaglia and Bray, 1964); no draw is kept back, so
  // the state after a call depends on the state before it alone.
  double normal() noexcept {
    for (;;) {
      const double x = 2.0 * uniform() - 1.0;
      const double y = 2.0 * uniform() - 1.0;
      const double s = x * x + y * y;
      if (s > 0.0 && s < 1.0) return x * std::sqrt(-2.0 * std::log(s) / s);
    }
  }

  // A stream of its own for `label`, the same whatever this object has drawn so far.
  Random fork(std::uint64_t label) const noexcept { return Random{mix64(seed_ ^ mix64(label))}; }

  // Fisher-Yates on a random-access range.
  template <typename Range>
  void shuffle(Range& range) noexcept {
    for (std::uint64_t i = range.size(); i > 1; --i) std::swap(range[i - 1], range[below(i)]);
  }

 private:
  static constexpr std::uint64_t rotate(std::uint64_t x, int k) noexcept { return (x << k) | (x >> (64 - k)); }

  std::uint64_t seed_;
  std::uint64_t state_[4];
};

}  // namespace aisci
