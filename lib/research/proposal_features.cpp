#include "research/proposal_features.hpp"

#include <cctype>
#include <cmath>

#include "base/hash.hpp"

namespace aisci {
namespace {

constexpr std::size_t kTextSize = 16;

void add_factor(const std::string& name, const json::object& factor, const json::object& hypothesis,
                std::vector<double>& features) {
  const json::object& moderator = object_of(hypothesis, "moderator");
  const json::value& context = member(object_of(hypothesis, "context"), name);
  const bool own = text_of(hypothesis, "factor") == name;
  const auto& further = array_of(object_of(hypothesis, "also"), name);
  const bool tested = own || further.size() == 2;
  const json::value& treatment = own || !tested ? member(hypothesis, "treatment") : further[0];
  const json::value& baseline = own || !tested ? member(hypothesis, "baseline") : further[1];
  features.push_back(tested ? 1 : 0);
  features.push_back(text_of(moderator, "factor") == name ? 1 : 0);
  for (const auto& level : array_of(factor, "levels")) {
    double value = context == level ? 1 : 0;
    if (tested && treatment == level) value += 1;
    if (tested && baseline == level) value -= 1;
    features.push_back(value);
  }
}

void add_text(const std::string& text, std::vector<double>& features) {
  std::vector<double> counts(kTextSize, 0.0);
  std::string word;
  const auto take = [&] {
    if (!word.empty()) {
      const std::uint64_t name = seed_of(word, 0);
      counts[name % kTextSize] += (name >> 32) & 1 ? 1 : -1;
    }
    word.clear();
  };
  for (const char c : text) {
    const auto byte = static_cast<unsigned char>(c);
    if (byte >= 0x80 || std::isalnum(byte))
      word += static_cast<char>(byte < 0x80 ? std::tolower(byte) : byte);
    else
      take();
  }
  take();
  double squares = 0;
  for (const double count : counts) squares += count * count;
  for (const double count : counts) features.push_back(squares > 0 ? count / std::sqrt(squares) : 0);
}

}  // namespace

std::vector<double> proposal_features(const json::object& hypothesis, const json::object& template_document) {
  std::vector<double> features;
  for (const auto& factor : object_of(template_document, "factors"))
    if (const json::object* object = factor.value().if_object())
      add_factor(std::string{factor.key()}, *object, hypothesis, features);
  add_text(text_of(hypothesis, "statement"), features);
  return features;
}

}  // namespace aisci
