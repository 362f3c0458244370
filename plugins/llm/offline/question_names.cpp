#include "question_names.hpp"

#include <algorithm>
#include <cmath>

#include "document.hpp"
#include "kit/number.hpp"
#include "question_arms.hpp"
#include "question_words.hpp"
#include "template_words.hpp"

namespace aisci::offline {
namespace {

using Kind = Mention::Kind;

bool is_count_of_data(const json::object& manifest, const std::string& word) {
  const Terms terms = terms_of(manifest);
  return word == terms.example || word == terms.examples || word == "image" || word == "images" || word == "sample" ||
         word == "samples" || word == "example" || word == "examples";
}

// The numeric factor that the number at `at` belongs to: its word stands just before or just after.
std::string factor_of_number(const Wording& wording, const Reading& reading, const std::vector<Item>& items,
                             std::size_t at) {
  const auto& factors = object_of(*reading.manifest, "factors");
  const auto numeric_factor = [&](const Item& item) {
    return item.mention && item.mention->kind == Kind::kFactor && is_numeric(object_of(factors, item.mention->factor));
  };
  for (std::size_t back = 1; back <= 5 && back <= at; ++back)
    if (numeric_factor(items[at - back])) return items[at - back].mention->factor;
  for (std::size_t ahead = 1; ahead <= 3 && at + ahead < items.size(); ++ahead) {
    const Item& item = items[at + ahead];
    if (numeric_factor(item)) return item.mention->factor;
    const std::string word = item.mention
                                 ? wording.text.substr(item.mention->begin, item.mention->end - item.mention->begin)
                                 : item.token.text;
    if (!is_count_of_data(*reading.manifest, word)) continue;
    const std::string data = factor_with_role(*reading.manifest, "data");
    if (is_numeric(object_of(factors, data))) return data;
  }
  return {};
}

void add_once(std::vector<std::string>& names, const std::string& name) {
  if (!contains(names, name)) names.push_back(name);
}

// "without pretraining", "not pretrained": named only to say that it plays no part.
bool is_excluded(const std::vector<Item>& items, const Mention& mention) {
  for (std::size_t i = 0; i < items.size(); ++i) {
    if (items[i].mention != &mention) continue;
    for (std::size_t back = 1; back <= 2 && back <= i; ++back) {
      const std::string& word = items[i - back].token.text;
      if (!items[i - back].mention &&
          (word == "without" || word == "not" || word == "no" || word == "ohne" || word == "sans" || word == "sin"))
        return true;
    }
  }
  return false;
}

bool looks_like_a_name(const Wording& wording, const Token& token, bool first) {
  if (token.text.size() < 3 || is_plain_word(token.text)) return false;
  const std::string shown = wording.quote(token.begin, token.end);
  const auto capital = [](char c) { return c >= 'A' && c <= 'Z'; };
  const bool inner = std::any_of(shown.begin() + (shown.empty() ? 0 : 1), shown.end(), capital);
  return inner || (!first && !shown.empty() && capital(shown[0]));
}

bool is_level(const Item& item) { return item.mention && item.mention->kind == Kind::kLevel; }

// The item on one side of a connector, articles and prepositions skipped.
const Item* neighbour(const std::vector<Item>& items, std::size_t at, int step) {
  static const std::vector<std::string> kSkipped = {"a",  "an",   "the",  "using",    "with",     "of",
                                                    "to", "does", "than", "compared", "replaced", "by",
                                                    "de", "la",   "le",   "el",       "von",      "mit"};
  for (int hops = 0; hops < 4; ++hops) {
    if ((step < 0 && at == 0) || (step > 0 && at + 1 >= items.size())) return nullptr;
    at = step < 0 ? at - 1 : at + 1;
    const std::string& word = items[at].token.text;
    const bool polar = step < 0 && (word == "better" || word == "worse" || word == "higher" || word == "lower" ||
                                    word == "more" || word == "less" || word == "accurate");
    if (items[at].mention || !(polar || contains(kSkipped, word))) return &items[at];
  }
  return nullptr;
}

void unknown_partners(const Wording& wording, const std::vector<Item>& items, std::vector<UnknownArm>& unknown) {
  static const std::vector<std::string> kStrong = {"versus",  "vs",      "than",  "over",       "instead",
                                                   "against", "beat",    "beats", "outperform", "outperforms",
                                                   "replace", "surpass", "exceed"};
  static const std::vector<std::string> kWeak = {"and", "or", "between"};
  for (std::size_t i = 0; i < items.size(); ++i) {
    if (items[i].mention) continue;
    const bool strong = contains(kStrong, items[i].token.text);
    if (!strong && !contains(kWeak, items[i].token.text)) continue;
    const Item* left = neighbour(items, i, -1);
    const Item* right = neighbour(items, i, 1);
    for (const auto& [known, other] : {std::pair{left, right}, std::pair{right, left}}) {
      if (!known || !other || !is_level(*known) || other->mention) continue;
      const bool name = looks_like_a_name(wording, other->token, other->token.begin == 0);
      const bool bare = strong && other == right && other->token.text.size() >= 3 && !is_scenery(other->token.text);
      if (name || bare) unknown.push_back({other->token.begin, other->token.end, known->mention->factor});
    }
  }
}

// "GELU, Foo and ReLU": a name in a row of levels.
void unknown_in_rows(const Wording& wording, const std::vector<Item>& items, std::vector<UnknownArm>& unknown) {
  for (std::size_t i = 0; i < items.size(); ++i) {
    if (items[i].mention || !looks_like_a_name(wording, items[i].token, i == 0)) continue;
    for (const std::size_t j : {i - 1, i + 1}) {
      if (j >= items.size() || !is_level(items[j])) continue;
      const std::size_t from = std::min(items[i].token.end, items[j].mention->end),
                        to = std::max(items[i].token.begin, items[j].mention->begin);
      if (from > to || wording.text.substr(from, to - from).find(',') == std::string::npos) continue;
      unknown.push_back({items[i].token.begin, items[i].token.end, items[j].mention->factor});
    }
  }
}

// "the Foo activation function"
void unknown_before_factor(const Wording& wording, const Reading& reading, const std::vector<Item>& items,
                           std::vector<UnknownArm>& unknown) {
  if (wording.language != "en") return;  // other languages capitalise other words, or put the name elsewhere
  for (std::size_t i = 1; i < items.size(); ++i) {
    const Item& item = items[i];
    if (!item.mention || item.mention->kind != Kind::kFactor || items[i - 1].mention) continue;
    if (is_numeric(object_of(object_of(*reading.manifest, "factors"), item.mention->factor))) continue;
    if (!looks_like_a_name(wording, items[i - 1].token, i == 1)) continue;
    unknown.push_back({items[i - 1].token.begin, items[i - 1].token.end, item.mention->factor});
  }
}

// In the order of the text; of what overlaps the longest, which is the full name.
void add_unknown(const Wording& wording, Reading& reading, std::vector<UnknownArm> unknown) {
  std::stable_sort(unknown.begin(), unknown.end(), [](const UnknownArm& a, const UnknownArm& b) {
    return a.begin != b.begin ? a.begin < b.begin : a.end > b.end;
  });
  std::size_t told = 0;
  for (const auto& arm : unknown) {
    if (arm.begin < told) continue;
    told = arm.end;
    const auto& factor = object_of(object_of(*reading.manifest, "factors"), arm.factor);
    if (arm.factor.empty()) ++reading.strangers;
    add_once(reading.not_offered, wording.quote(arm.begin, arm.end) +
                                      (arm.factor.empty() ? "" : " (" + text_of(factor, "title", arm.factor) + ")"));
  }
}

}  // namespace

std::vector<Item> items_of(const Wording& wording, const std::vector<Mention>& mentions) {
  std::vector<Item> items;
  std::size_t next = 0;
  for (const auto& token : tokens_of(wording.text)) {
    while (next < mentions.size() && mentions[next].end <= token.begin) items.push_back({&mentions[next++], {}});
    const bool covered =
        next < mentions.size() && mentions[next].begin <= token.begin && token.begin < mentions[next].end;
    if (!covered) items.push_back({nullptr, token});
  }
  for (; next < mentions.size(); ++next) items.push_back({&mentions[next], {}});
  return items;
}

void read_numbers(const Wording& wording, Reading& reading) {
  const auto items = items_of(wording, reading.mentions);
  std::vector<Mention> found;
  for (std::size_t i = 0; i < items.size(); ++i) {
    if (items[i].mention || !has_digit(items[i].token.text)) continue;
    const auto number = parsed_number(items[i].token.text);
    if (!number) continue;
    const std::string name = factor_of_number(wording, reading, items, i);
    if (name.empty()) continue;
    const auto& factor = object_of(object_of(*reading.manifest, "factors"), name);
    std::string level;
    for (const auto& value : array_of(factor, "levels"))
      if (std::abs(as_number(value) - *number) <= 1e-9 * std::max(1.0, std::abs(*number))) level = level_name(value);
    if (level.empty()) {
      add_once(reading.not_offered, text_of(factor, "title", name) + " " + items[i].token.text +
                                        " (offered: " + listed(level_names(factor)) + ")");
    } else {
      found.push_back({Kind::kLevel, items[i].token.begin, items[i].token.end, name, level, 0, {}, {}});
    }
  }
  reading.mentions.insert(reading.mentions.end(), found.begin(), found.end());
  std::sort(reading.mentions.begin(), reading.mentions.end(),
            [](const Mention& a, const Mention& b) { return a.begin < b.begin; });
}

void find_names_not_offered(const Wording& wording, Reading& reading) {
  const auto items = items_of(wording, reading.mentions);
  const bool offered_metric = reading.count(Kind::kMetric) > 0;
  for (const auto& mention : reading.mentions) {
    if (mention.kind != Kind::kForeign || is_excluded(items, mention)) continue;
    if (mention.foreign_kind == "measure" && offered_metric)
      add_once(reading.left_out, mention.shown);
    else
      add_once(reading.not_offered, mention.shown + " (" + mention.foreign_kind + ")");
  }
  std::vector<UnknownArm> unknown = unknown_arms(wording, reading, items);
  unknown_partners(wording, items, unknown);
  unknown_in_rows(wording, items, unknown);
  unknown_before_factor(wording, reading, items, unknown);
  add_unknown(wording, reading, std::move(unknown));
}

}  // namespace aisci::offline
