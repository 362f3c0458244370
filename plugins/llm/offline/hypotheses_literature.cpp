#include "hypotheses_literature.hpp"

#include <algorithm>

#include "document.hpp"
#include "question_reading.hpp"
#include "question_text.hpp"

namespace aisci::offline {
namespace {

constexpr std::string_view kPraise[] = {"improv", "better",    "higher",     "gain",   "benefit", "reduc",   "faster",
                                        "speed",  "effective", "outperform", "stabil", "prevent", "alleviat"};
constexpr std::string_view kFault[] = {"saturat", "vanish", "dying", "dead", "die",    "worse",    "hurt",
                                       "degrad",  "harm",   "slow",  "fail", "shrink", "difficult"};

bool has_any(std::string_view text, const auto& stems) {
  const auto tokens = tokens_of(text);
  return std::any_of(std::begin(stems), std::end(stems), [&](std::string_view stem) {
    for (const auto& token : tokens)
      if (token.text.rfind(stem, 0) == 0 && (stem != "die" || token.text.size() <= 4)) return true;
    return false;
  });
}

std::size_t count_of(const std::map<std::pair<std::string, std::string>, std::vector<Support>>& map,
                     const std::string& a, const std::string& b) {
  const auto it = map.find({a, b});
  return it == map.end() ? 0 : it->second.size();
}

std::size_t count_of(const std::map<std::string, std::vector<Support>>& map, const std::string& a) {
  const auto it = map.find(a);
  return it == map.end() ? 0 : it->second.size();
}

}  // namespace

int opinion_of(const std::string& statement) {
  // "Better explained by" praises nothing: only words that say what having the thing does.
  static constexpr std::string_view kHelps[] = {"improv", "benefit", "reduc",    "speed",
                                                "stabil", "prevent", "alleviat", "outperform"};
  const std::string text = read_wording(statement).text;
  const bool faults = has_any(text, kFault), helps = has_any(text, kHelps);
  return faults == helps ? 0 : faults ? -1 : 1;  // "improves calibration but makes a worse teacher" takes no side
}

Literature::Literature(const json::object& manifest, const std::string& factor,
                       const std::vector<const json::object*>& records)
    : factor_{factor} {
  const Reader reader{manifest};
  for (const auto* record : records)
    for (const auto& statement : texts_of(*record, "statements")) read(text_of(*record, "key"), statement, reader);
}

void Literature::read(const std::string& key, const std::string& statement, const Reader& reader) {
  const Wording wording = read_wording(statement);
  const Reading reading = reader.read(wording);
  const Support support{key, statement};
  all_.push_back(support);
  std::vector<std::string> levels;
  std::vector<std::size_t> begins;
  for (const auto& mention : reading.mentions)
    if (mention.kind == Mention::Kind::kLevel && mention.factor == factor_)
      levels.push_back(mention.level), begins.push_back(mention.begin);
  if (about_factor_.empty() && (reading.mentions_factor(factor_) || !levels.empty())) about_factor_ = support;

  std::vector<std::string> distinct = levels;
  std::sort(distinct.begin(), distinct.end());
  distinct.erase(std::unique(distinct.begin(), distinct.end()), distinct.end());

  const Ordering ordering = read_ordering(wording.text, begins);
  bool compared = false;
  for (const std::size_t above : ordering.above)
    for (const std::size_t below : ordering.below)
      if (levels[above] != levels[below]) above_[{levels[above], levels[below]}].push_back(support), compared = true;
  if (compared || distinct.size() > 2) return;  // praise in a sentence about many belongs to none
  // Nor does it say anything here when it is praise over something that is none of the levels.
  if (std::any_of(reading.mentions.begin(), reading.mentions.end(), [&](const Mention& mention) {
        return mention.kind == Mention::Kind::kForeign && mention.factor == factor_;
      }))
    return;
  // Nor where it begins with another thing that the template varies: "weight decay improves ... the noise on targets".
  if (!begins.empty() && std::any_of(reading.mentions.begin(), reading.mentions.end(), [&](const Mention& mention) {
        return mention.factor != factor_ && !mention.factor.empty() &&
               mention.begin < *std::min_element(begins.begin(), begins.end());
      }))
    return;
  const bool fault = has_any(wording.text, kFault), praise = has_any(wording.text, kPraise);
  for (const auto& level : distinct) {
    if (fault)
      faulted_[level].push_back(support);
    else if (praise)
      praised_[level].push_back(support);
  }
}

Opinion Literature::order(const std::string& a, const std::string& b) const {
  const auto up = count_of(above_, a, b), down = count_of(above_, b, a);
  if (up != down) return {up > down ? 1 : -1, true, up > down ? above_.at({a, b}).front() : above_.at({b, a}).front()};
  const double difference = standing(a) - standing(b);
  if (difference == 0) return {};
  const std::string &better = difference > 0 ? a : b, &other = difference > 0 ? b : a;
  Opinion opinion{difference > 0 ? 1 : -1, false, {}};
  if (count_of(faulted_, other) > 0)
    opinion.support = faulted_.at(other).front();
  else if (count_of(praised_, better) > 0)
    opinion.support = praised_.at(better).front();
  else
    for (const auto& [pair, supports] : above_)
      if (opinion.support.empty() && (pair.first == better || pair.second == other)) opinion.support = supports.front();
  return opinion;
}

double Literature::standing(const std::string& level) const {
  double sum =
      0.5 * static_cast<double>(count_of(praised_, level)) - 0.5 * static_cast<double>(count_of(faulted_, level));
  for (const auto& [pair, supports] : above_) {
    if (pair.first == level) sum += static_cast<double>(supports.size());
    if (pair.second == level) sum -= static_cast<double>(supports.size());
  }
  return sum;
}

Support Literature::fault(const std::string& level) const {
  const auto it = faulted_.find(level);
  if (it == faulted_.end()) return {};
  for (const auto& support : it->second)
    if (has_any(fold(support.statement), std::initializer_list<std::string_view>{"saturat", "vanish"})) return support;
  return {};
}

Support Literature::about(const std::vector<std::string>& words) const {
  for (const auto& support : all_) {
    const std::string text = read_wording(support.statement).text;
    if (std::all_of(words.begin(), words.end(), [&](const std::string& word) { return has_word(text, word); }))
      return support;
  }
  return {};
}

}  // namespace aisci::offline
