// Every target on its corpus and on thousands of mutations of it, the same ones each time. The fuzzers of the same
// targets (fuzz_manifest, fuzz_json, fuzz_frames; built where clang has libFuzzer) search further.
#include "fuzz/targets.hpp"

#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <sstream>
#include <vector>

namespace {

namespace fs = std::filesystem;

std::vector<std::string> corpus(const std::string& name) {
  std::vector<fs::path> files;
  for (const auto& entry : fs::directory_iterator{AISCI_SOURCE_DIR "/tests/fuzz/corpus/" + name})
    files.push_back(entry.path());
  std::sort(files.begin(), files.end());
  std::vector<std::string> texts;
  for (const fs::path& file : files) {
    std::ostringstream text;
    text << std::ifstream{file, std::ios::binary}.rdbuf();
    texts.push_back(text.str());
  }
  return texts;
}

class Random {
 public:
  explicit Random(std::uint64_t seed) : state_{seed} {}
  std::uint64_t next() {  // splitmix64
    std::uint64_t z = (state_ += 0x9e3779b97f4a7c15ULL);
    z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9ULL;
    z = (z ^ (z >> 27)) * 0x94d049bb133111ebULL;
    return z ^ (z >> 31);
  }
  std::size_t below(std::size_t limit) { return limit == 0 ? 0 : next() % limit; }

 private:
  std::uint64_t state_;
};

constexpr std::string_view kWords[] = {"null",
                                       "true",
                                       "-0",
                                       "1e999",
                                       "\"",
                                       "\\u0000",
                                       "\\ud800",
                                       "[",
                                       "]",
                                       "{",
                                       "}",
                                       ",",
                                       ":",
                                       "\xff\xff\xff\xff",
                                       std::string_view{"\0\0\0\0", 4},
                                       "\x01",
                                       "9223372036854775808"};

std::string mutated(std::string text, const std::vector<std::string>& others, Random& random) {
  for (std::size_t i = 0, times = 1 + random.below(4); i < times; ++i) {
    const std::size_t at = random.below(text.size() + 1);
    switch (random.below(6)) {
      case 0:
        text.insert(at, kWords[random.below(std::size(kWords))]);
        break;
      case 1:
        text.erase(at, 1 + random.below(16));
        break;
      case 2:
        if (at < text.size()) text[at] = static_cast<char>(random.next());
        break;
      case 3:
        if (at < text.size()) text[at] = static_cast<char>(text[at] ^ (1 << random.below(8)));
        break;
      case 4:
        text.insert(at, text.substr(random.below(text.size() + 1), random.below(64)));
        break;
      default: {
        const std::string& other = others[random.below(others.size())];
        text = text.substr(0, at) + other.substr(random.below(other.size() + 1));
      }
    }
  }
  return text;
}

class Mutations : public ::testing::TestWithParam<aisci::fuzz::Target> {};

TEST_P(Mutations, KeepTheProperty) {
  const aisci::fuzz::Target target = GetParam();
  const std::vector<std::string> seeds = corpus(target.name);
  ASSERT_GE(seeds.size(), 3u);
  std::size_t taken = 0, refused = 0;
  for (const std::string& seed : seeds) EXPECT_NO_THROW(target.run(seed));
  Random random{20'261'124};
  for (int i = 0; i < 20'000; ++i) {
    const std::string text = mutated(seeds[random.below(seeds.size())], seeds, random);
    try {
      ++(target.run(text) ? taken : refused);
    } catch (const std::exception& error) {
      ADD_FAILURE() << error.what() << " with mutation " << i << ": " << ::testing::PrintToString(text);
      break;
    }
  }
  EXPECT_GT(taken, 200u);  // the mutations reach what lies behind the refusals
  EXPECT_GT(refused, 200u);
}

INSTANTIATE_TEST_SUITE_P(Fuzz, Mutations, ::testing::ValuesIn(aisci::fuzz::kTargets),
                         [](const auto& each) { return std::string{each.param.name}; });

}  // namespace
