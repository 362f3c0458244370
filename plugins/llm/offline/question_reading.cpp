#include "question_reading.hpp"

#include <algorithm>

#include "document.hpp"
#include "question_effects.hpp"
#include "question_names.hpp"
#include "question_words.hpp"

namespace aisci::offline {
namespace {

struct Phrase {
  std::string text;
  Mention mention;
};

}  // namespace

class Reader::Phrases {
 public:
  explicit Phrases(const json::object& manifest) {
    for (const auto& [name, factor] : object_of(manifest, "factors"))
      if (factor.is_object()) factor_phrases(std::string{name}, factor.get_object());
    const auto& settings = array_of(manifest, "settings");
    for (std::size_t i = 0; i < settings.size(); ++i) {
      if (!settings[i].is_object()) continue;
      Mention mention{Mention::Kind::kSetting, 0, 0, text_of(settings[i].get_object(), "factor"), {}, i, {}, {}};
      for (const auto& word : texts_of(settings[i].get_object(), "words")) add(word, mention);
    }
    for (const auto& [name, metric] : object_of(manifest, "metrics")) {
      if (!metric.is_object()) continue;
      const Mention mention{Mention::Kind::kMetric, 0, 0, {}, std::string{name}, 0, {}, {}};
      add(std::string{name}, mention);
      add(text_of(metric.get_object(), "title"), mention);
      for (const auto& word : texts_of(metric.get_object(), "words")) add(word, mention);
    }
    for (const char* word : {"generalization", "accuracy", "performance", "overfit", "test error"})
      if (!measured(manifest, word))
        add(word, {Mention::Kind::kMetric, 0, 0, {}, text_of(manifest, "metric"), 0, {}, {}});
    for (const auto& word : texts_of(manifest, "words")) add(word, {});
    const auto& dataset = object_of(manifest, "dataset");
    add(text_of(dataset, "name"), {});
    for (const auto& word : texts_of(dataset, "words")) add(word, {});
    for (const auto& name : known_names())
      add(name.phrase, {Mention::Kind::kForeign, 0, 0, {}, {}, 0, std::string{name.shown}, std::string{name.kind}});
  }

  std::vector<Mention> find_in(const std::string& text) const {
    struct Hit {
      std::size_t length;
      std::size_t rank;
      Mention mention;
    };
    std::vector<Hit> hits;
    for (std::size_t rank = 0; rank < phrases_.size(); ++rank) {
      const auto& phrase = phrases_[rank];
      for (std::size_t at = 0; (at = find_word(text, phrase.text, at)) != std::string::npos; ++at) {
        Hit hit{phrase.text.size(), rank, phrase.mention};
        hit.mention.begin = at;
        hit.mention.end = word_end(text, at, phrase.text.size());
        hits.push_back(std::move(hit));
      }
    }
    // The longest reading of a stretch of text wins; of equals the one the template offers, in the order of kinds.
    std::stable_sort(hits.begin(), hits.end(), [](const Hit& a, const Hit& b) {
      if (a.length != b.length) return a.length > b.length;
      return a.mention.kind != b.mention.kind ? a.mention.kind < b.mention.kind : a.rank < b.rank;
    });
    std::vector<Mention> kept;
    for (auto& hit : hits) {
      const bool free = std::none_of(kept.begin(), kept.end(), [&](const Mention& other) {
        return hit.mention.begin < other.end && other.begin < hit.mention.end;
      });
      if (free) kept.push_back(std::move(hit.mention));
    }
    std::sort(kept.begin(), kept.end(), [](const Mention& a, const Mention& b) { return a.begin < b.begin; });
    drop_possessors(text, kept);
    return kept;
  }

  // The labels of all levels of one factor that a mention of a level may mean: more than one is ambiguous.
  std::vector<std::string> meant_by(const std::string& text, const Mention& mention, const json::object& factor) const {
    std::size_t longest = 0;
    std::vector<std::string> labels;
    for (const auto& phrase : phrases_) {
      const Mention& level = phrase.mention;
      if (level.kind != Mention::Kind::kLevel || level.factor != mention.factor || phrase.text.size() < longest ||
          find_word(text, phrase.text, mention.begin) != mention.begin)
        continue;
      if (phrase.text.size() > longest) longest = phrase.text.size(), labels.clear();
      if (const std::string label = level_label(factor, level.level); !contains(labels, label)) labels.push_back(label);
    }
    return labels;
  }

 private:
  // Whether a metric of the template has the word for itself.
  static bool measured(const json::object& manifest, std::string_view word) {
    for (const auto& [name, metric] : object_of(manifest, "metrics"))
      if (metric.is_object())
        for (const auto& own : texts_of(metric.get_object(), "words"))
          if (find_word(word, own) == 0) return true;
    return false;
  }

  // "The warm-up of the learning rate" is about one factor: the second only says whose the first is.
  static void drop_possessors(const std::string& text, std::vector<Mention>& mentions) {
    for (std::size_t i = 1; i < mentions.size(); ++i) {
      const Mention &owned = mentions[i - 1], &owner = mentions[i];
      if (owned.kind != Mention::Kind::kFactor || owner.kind != Mention::Kind::kFactor || owned.factor == owner.factor)
        continue;
      const std::string between = text.substr(owned.end, owner.begin - owned.end);
      if (between == " of " || between == " of the " || between == " of its ")
        mentions.erase(mentions.begin() + static_cast<std::ptrdiff_t>(i--));
    }
  }

  void factor_phrases(const std::string& name, const json::object& factor) {
    const Mention by_word{Mention::Kind::kFactor, 0, 0, name, {}, 0, {}, {}};
    for (const auto& word : texts_of(factor, "words")) add(word, by_word);
    add(text_of(factor, "title"), by_word);
    for (const auto& level : level_names(factor))
      for (const auto& word : level_words(factor, level))
        add(word, {Mention::Kind::kLevel, 0, 0, name, level, 0, {}, {}});
    for (const auto& word : texts_of(factor, "known_elsewhere"))
      add(word, {Mention::Kind::kForeign, 0, 0, name, {}, 0, word, text_of(factor, "title", name)});
  }

  void add(const std::string& word, Mention mention) {
    std::string text = read_wording(word).text;  // through the glossary, as questions are
    text.erase(0, text.find_first_not_of(' ') == std::string::npos ? text.size() : text.find_first_not_of(' '));
    while (!text.empty() && text.back() == ' ') text.pop_back();
    if (!text.empty()) phrases_.push_back({std::move(text), std::move(mention)});
  }

  std::vector<Phrase> phrases_;
};

namespace {

bool any_word(const std::string& text, std::initializer_list<std::string_view> words) {
  return std::any_of(words.begin(), words.end(), [&](std::string_view word) { return has_word(text, word); });
}

Comparison comparison_in(const Wording& wording, const Reading& reading) {
  std::vector<const Mention*> levels;
  std::vector<std::size_t> begins;
  for (const auto& mention : reading.mentions)
    if (mention.kind == Mention::Kind::kLevel) levels.push_back(&mention), begins.push_back(mention.begin);
  const Ordering ordering = read_ordering(wording.text, begins);
  for (const std::size_t above : ordering.above)
    for (const std::size_t below : ordering.below)
      if (levels[above]->factor == levels[below]->factor && levels[above]->level != levels[below]->level)
        return {true, levels[above]->level, levels[below]->level, levels[above]->factor};
  return {};
}

}  // namespace

std::vector<std::string> Reading::levels_of(std::string_view factor) const {
  std::vector<std::string> named;
  for (const auto& level : level_names(object_of(object_of(*manifest, "factors"), factor)))
    if (std::any_of(mentions.begin(), mentions.end(), [&](const Mention& m) {
          return m.kind == Mention::Kind::kLevel && m.factor == factor && m.level == level;
        }))
      named.push_back(level);
  return named;
}

bool Reading::mentions_factor(std::string_view factor) const {
  return std::any_of(mentions.begin(), mentions.end(),
                     [&](const Mention& m) { return m.kind == Mention::Kind::kFactor && m.factor == factor; });
}

std::size_t Reading::position_of(std::string_view factor) const {
  for (const auto& mention : mentions)
    if ((mention.kind == Mention::Kind::kFactor || mention.kind == Mention::Kind::kLevel) && mention.factor == factor)
      return mention.begin;
  return std::string::npos;
}

std::size_t Reading::count(Mention::Kind kind) const {
  return static_cast<std::size_t>(
      std::count_if(mentions.begin(), mentions.end(), [&](const Mention& m) { return m.kind == kind; }));
}

Reader::Reader(const json::object& manifest)
    : manifest_{manifest}, phrases_{std::make_unique<const Phrases>(manifest)} {}
Reader::~Reader() = default;

Reading Reader::read(const Wording& wording) const {
  Reading reading;
  reading.manifest = &manifest_;
  reading.mentions = phrases_->find_in(wording.text);
  for (const auto& mention : reading.mentions) {
    if (mention.kind != Mention::Kind::kLevel) continue;
    const auto meant =
        phrases_->meant_by(wording.text, mention, object_of(object_of(manifest_, "factors"), mention.factor));
    if (meant.size() > 1)
      reading.ambiguous.push_back("\"" + wording.quote(mention.begin, mention.end) + "\" (" + listed(meant, " or ") +
                                  ")");
  }
  read_numbers(wording, reading);
  reading.comparison = comparison_in(wording, reading);
  read_effects(wording, reading);
  reading.negated = any_word(wording.text, {"not", "no", "never", "untrue", "false", "irrelevant", "unimportant"});
  reading.interaction = any_word(wording.text, {"interact", "combin", "stack", "together", "jointly", "synerg",
                                                "depend", "additive", "add up", "redundan"});
  find_names_not_offered(wording, reading);
  return reading;
}

std::vector<std::string> level_names(const json::object& factor) {
  std::vector<std::string> names;
  for (const auto& level : array_of(factor, "levels")) names.push_back(level_name(level));
  return names;
}

std::string level_key(const json::object& members, const std::string& level) {
  if (members.contains(level)) return level;
  return members.contains(level + ".0") ? level + ".0" : std::string{};  // 0.0 as people write it in a manifest
}

std::string level_label(const json::object& factor, const std::string& level) {
  const auto& labels = object_of(factor, "labels");
  return text_of(labels, level_key(labels, level), level);
}

std::string level_reference(const json::object& manifest, const std::string& name, const std::string& level) {
  const auto& factor = object_of(object_of(manifest, "factors"), name);
  const std::string key = level_key(object_of(factor, "labels"), level);
  if (!key.empty() || !is_numeric(factor)) return "{{label:" + name + "." + (key.empty() ? level : key) + "}}";
  return "{{level:" + name + "." + level + "}}";
}

std::vector<std::string> level_words(const json::object& factor, const std::string& level) {
  const auto& given = object_of(factor, "level_words");
  std::vector<std::string> words = texts_of(given, level_key(given, level));
  if (is_numeric(factor)) return words;  // a number alone names nothing
  const std::string label = text_of(object_of(factor, "labels"), level);
  words.push_back(label.empty() ? level : label);
  words.erase(
      std::remove_if(words.begin(), words.end(), [](const std::string& word) { return is_plain_word(fold(word)); }),
      words.end());
  return words;
}

bool is_numeric(const json::object& factor) {
  const auto& levels = array_of(factor, "levels");
  return !levels.empty() &&
         std::all_of(levels.begin(), levels.end(), [](const json::value& level) { return is_number(level); });
}

json::value level_value(const json::object& factor, const std::string& level) {
  for (const auto& value : array_of(factor, "levels"))
    if (level_name(value) == level) return value;
  return nullptr;
}

}  // namespace aisci::offline
