#include "literature/nearness.hpp"

#include <algorithm>
#include <cctype>
#include <cmath>
#include <cstdint>
#include <set>

#include "literature/record.hpp"

namespace aisci {
namespace {

constexpr double kFusion = 60;

std::vector<std::string> words_without(std::string_view text, const std::set<std::string, std::less<>>& common) {
  std::vector<std::string> words;
  std::string word;
  const auto finish = [&] {
    if (!word.empty() && !common.count(word)) words.push_back(word);
    word.clear();
  };
  for (const char c : text) {
    const auto byte = static_cast<unsigned char>(c);
    if (std::isalnum(byte) || byte >= 0x80)
      word += static_cast<char>(std::tolower(byte));
    else
      finish();
  }
  finish();
  return words;
}

std::vector<std::string> content_words(std::string_view text) {
  static const std::set<std::string, std::less<>> kCommon{
      "a",    "about", "after", "all",   "also",  "an",    "and",   "any",  "are",  "as",    "at",   "be",
      "been", "but",   "by",    "can",   "do",    "does",  "each",  "for",  "from", "gives", "has",  "have",
      "how",  "if",    "in",    "into",  "is",    "it",    "its",   "less", "more", "most",  "no",   "not",
      "of",   "on",    "one",   "only",  "or",    "other", "our",   "over", "same", "so",    "some", "such",
      "than", "that",  "the",   "their", "them",  "then",  "there", "they", "this", "to",    "two",  "was",
      "we",   "were",  "what",  "when",  "which", "while", "who",   "why",  "will", "with",  "would"};
  return words_without(text, kCommon);
}

// The same words in the same order, up to their spelling and endings. Vectors do not see that "GELU exceeds ReLU" and
// "ReLU exceeds GELU" differ, and "higher" is near "lower" where all else is alike.
bool says_the_same(std::string_view a, std::string_view b) {
  static const std::set<std::string, std::less<>> kSilent{"a",  "an", "the", "that", "of",
                                                          "in", "on", "for", "is",   "are"};
  const auto alike = [](const std::string& x, const std::string& y) {
    const auto [end, other] = std::mismatch(x.begin(), x.end(), y.begin(), y.end());
    return x == y || (end - x.begin() >= 5 && std::max(x.end() - end, y.end() - other) <= 6);
  };
  const auto left = words_without(a, kSilent), right = words_without(b, kSilent);
  return std::equal(left.begin(), left.end(), right.begin(), right.end(), alike);
}

std::uint32_t fnv1a(std::string_view text) {
  std::uint32_t hash = 2166136261u;
  for (const char c : text) hash = (hash ^ static_cast<unsigned char>(c)) * 16777619u;
  return hash;
}

}  // namespace

TextVector vector_of(std::string_view text) {
  std::array<double, kVectorSize> counts{};
  for (const auto& word : content_words(text)) {
    const std::string bounded = "<" + word + ">";
    for (std::size_t length = 3; length <= 5; ++length)
      for (std::size_t i = 0; i + length <= bounded.size(); ++i) {
        const std::uint32_t hash = fnv1a(std::string_view{bounded}.substr(i, length));
        counts[hash % kVectorSize] += (hash >> 31) ? -1.0 : 1.0;
      }
  }
  double squares = 0;
  for (const double count : counts) squares += count * count;
  TextVector out{};
  if (squares > 0)
    for (std::size_t i = 0; i < kVectorSize; ++i) out[i] = static_cast<float>(counts[i] / std::sqrt(squares));
  return out;
}

double nearness(const TextVector& a, const TextVector& b) {
  double sum = 0;
  for (std::size_t i = 0; i < kVectorSize; ++i) sum += static_cast<double>(a[i]) * static_cast<double>(b[i]);
  return sum;
}

std::string text_of_record(const json::object& record) {
  std::string text = text_of(record, "title");
  for (const char* list : {"themes", "statements"})
    for (const auto& value : array_of(record, list))
      if (value.is_string()) text += " " + std::string{value.get_string().c_str()};
  return text;
}

std::vector<json::object> fused(const std::vector<std::vector<json::object>>& rankings, std::size_t k) {
  struct Paper {
    json::object record;
    double score = 0;
  };
  std::vector<Paper> papers;
  for (const auto& ranking : rankings)
    for (std::size_t rank = 0; rank < ranking.size(); ++rank) {
      const double score = 1.0 / (kFusion + static_cast<double>(rank) + 1);
      const json::object& record = ranking[rank];
      const auto known = std::find_if(papers.begin(), papers.end(),
                                      [&](const Paper& paper) { return same_paper(paper.record, record); });
      if (known != papers.end()) {
        known->record = merged(known->record, record);
        known->score += score;
        continue;
      }
      const bool taken = std::any_of(papers.begin(), papers.end(), [&](const Paper& paper) {
        return text_of(paper.record, "key") == text_of(record, "key");
      });
      if (!taken) papers.push_back({record, score});
    }
  std::stable_sort(papers.begin(), papers.end(), [](const Paper& a, const Paper& b) { return a.score > b.score; });
  std::vector<json::object> out;
  for (std::size_t i = 0; i < papers.size() && i < k; ++i) out.push_back(std::move(papers[i].record));
  return out;
}

std::optional<Novelty> novelty_of(std::string_view statement, const std::vector<json::object>& records) {
  if (records.empty()) return std::nullopt;
  const TextVector mine = vector_of(statement);
  double nearest = 0;
  Novelty novelty;
  const auto consider = [&](const json::object& record, const std::string& text) {
    const double near = nearness(mine, vector_of(text));
    if (near <= nearest) return;
    nearest = near;
    novelty.nearest = text_of(record, "key");
    novelty.statement = text;
  };
  for (const auto& record : records) {
    consider(record, text_of(record, "title"));
    for (const auto& value : array_of(record, "statements"))
      if (value.is_string()) consider(record, value.get_string().c_str());
  }
  novelty.value = std::round(std::clamp(1.0 - nearest, 0.0, 1.0) * 100) / 100;
  if (novelty.value < kPublished && !says_the_same(statement, novelty.statement)) novelty.value = kPublished;
  return novelty;
}

}  // namespace aisci
