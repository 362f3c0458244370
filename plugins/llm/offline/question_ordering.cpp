#include <algorithm>

#include "question_reading.hpp"

namespace aisci::offline {
namespace {

bool begins_with_any(const std::string& word, std::initializer_list<std::string_view> stems) {
  return std::any_of(stems.begin(), stems.end(), [&](std::string_view stem) { return word.rfind(stem, 0) == 0; });
}
bool is_any(const std::string& word, std::initializer_list<std::string_view> words) {
  return std::find(words.begin(), words.end(), word) != words.end();
}

// +1 for "better", "higher"; -1 for "worse", "lower"; 0 for another word.
int polarity(const std::string& word) {
  if (is_any(word, {"better", "more", "higher", "greater", "stronger", "larger", "faster", "besser", "mieux", "plus",
                    "mejor", "mayor", "mas"}) ||
      begins_with_any(word, {"superior", "hoher", "meilleur", "superieur"}))
    return 1;
  if (is_any(word, {"worse", "less", "lower", "poorer", "weaker", "smaller", "fewer", "slower", "schlechter", "pire",
                    "moins", "peor", "menor"}) ||
      begins_with_any(word, {"inferior", "niedriger", "geringer", "inferieur"}))
    return -1;
  return 0;
}

bool is_merit(const std::string& word) {
  return word == "than" || begins_with_any(word, {"accura", "effective", "helpful", "useful", "reliabl", "robust",
                                                  "stabl", "suit", "varianc"});
}

struct Pivot {
  bool found = false;
  int sign = 1;
  std::size_t begin = 0;  // names up to here are on the one side
  std::size_t end = 0;    // names from here on are on the other
};

// "better ... than", "superior to", "higher accuracy als": a polar word and what closes the comparison.
Pivot comparative(const std::vector<Token>& tokens, std::size_t i) {
  int sign = polarity(tokens[i].text);
  if (sign == 0) return {};
  if (is_any(tokens[i].text, {"more", "less"}) && i + 1 < tokens.size() && !is_merit(tokens[i + 1].text))
    return {};  // "more data than"
  const bool latin_form = begins_with_any(tokens[i].text, {"superior", "inferior"});
  for (std::size_t j = i + 1; j < tokens.size() && j <= i + 9; ++j) {
    if (is_any(tokens[j].text, {"error", "errors", "loss", "perplexity", "fehler", "erreur", "perte"})) sign = -sign;
    if (is_any(tokens[j].text, {"than", "als", "que"}) || (latin_form && j == i + 1 && tokens[j].text == "to"))
      return {true, sign, tokens[j].begin, tokens[j].end};
  }
  return {};
}

Pivot verb(const std::vector<Token>& tokens, std::size_t i) {
  const std::string& word = tokens[i].text;
  const std::string next = i + 1 < tokens.size() ? tokens[i + 1].text : std::string{};
  const std::size_t end = tokens[i].end;
  const bool passive = next == "by";
  if (begins_with_any(word, {"outperform", "surpass", "exceed"}) || is_any(word, {"beat", "beats", "beaten"}))
    return {true, passive ? -1 : 1, tokens[i].begin, end};
  if (begins_with_any(word, {"underperform"})) return {true, -1, tokens[i].begin, end};
  if (begins_with_any(word, {"improve", "advantage", "gain", "benefit", "prefer", "win"}) &&
      is_any(next, {"over", "on", "upon"}))
    return {true, 1, tokens[i].begin, end};
  if (word == "preferable" && next == "to") return {true, 1, tokens[i].begin, end};
  if ((begins_with_any(word, {"lag"}) && next == "behind") || (begins_with_any(word, {"lose"}) && next == "to") ||
      (begins_with_any(word, {"fall"}) && next == "short"))
    return {true, -1, tokens[i].begin, end};
  return {};
}

// Chinese "A 比 B 好": what stands before it is compared with what follows it.
Pivot chinese(std::string_view text) {
  constexpr std::string_view kThan = "比";
  for (std::size_t at = 0; (at = text.find(kThan, at)) != std::string_view::npos; at += kThan.size()) {
    const auto follows = [&](std::string_view character) {
      return at >= character.size() && text.substr(at - character.size(), character.size()) == character;
    };
    if (follows("相") || follows("对")) continue;  // "compared with", without a verdict
    for (const std::string_view good : {"好", "高", "强", "优", "佳"})
      if (text.find(good, at) != std::string_view::npos) return {true, 1, at, at + kThan.size()};
    for (const std::string_view bad : {"差", "低", "弱", "劣", "坏"})
      if (text.find(bad, at) != std::string_view::npos) return {true, -1, at, at + kThan.size()};
  }
  return {};
}

Pivot find_pivot(std::string_view text) {
  const auto tokens = tokens_of(text);
  for (std::size_t i = 0; i < tokens.size(); ++i) {
    if (const Pivot found = verb(tokens, i); found.found) return found;
    if (const Pivot found = comparative(tokens, i); found.found) return found;
  }
  return chinese(text);
}

// The clause around a pivot: a later or earlier clause speaks of something else.
std::pair<std::size_t, std::size_t> clause_around(std::string_view text, const Pivot& pivot) {
  std::size_t begin = 0, end = text.size();
  for (const std::string_view stop : {";", ". ", ", while ", ", whereas ", ", but ", " although "}) {
    if (const auto before = text.rfind(stop, pivot.begin); before != std::string_view::npos)
      begin = std::max(begin, before);
    if (const auto after = text.find(stop, pivot.end); after != std::string_view::npos) end = std::min(end, after);
  }
  return {begin, end};
}

}  // namespace

Ordering read_ordering(std::string_view text, const std::vector<std::size_t>& begins) {
  const Pivot pivot = find_pivot(text);
  if (!pivot.found) return {};
  const auto [first, last] = clause_around(text, pivot);
  Ordering ordering;
  for (std::size_t i = begins.size(); i-- > 0;)
    if (begins[i] >= first && begins[i] < pivot.begin) ordering.above.push_back(i);
  for (std::size_t i = 0; i < begins.size(); ++i)
    if (begins[i] >= pivot.end && begins[i] < last) ordering.below.push_back(i);
  if (pivot.sign < 0) std::swap(ordering.above, ordering.below);
  return ordering;
}

}  // namespace aisci::offline
