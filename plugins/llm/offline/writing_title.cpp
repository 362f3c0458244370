// The title: what was compared, where, and what came of it.
#include <algorithm>

#include "document.hpp"
#include "hypotheses_proposal.hpp"
#include "question_text.hpp"
#include "writing_author.hpp"

namespace aisci::offline {
namespace {

std::string verdict_of_paper(const Study& study, bool first_of_several) {
  const Entry* claim = study.main_claim();
  if (!claim || !claim->known) return "an experiment that stayed without an answer";
  if (claim->whole()) {
    const std::string part = called_in(*claim->hypothesis, false);
    if (claim->verdict == "supported") return "more than " + part;
    if (claim->verdict == "equivalent" || claim->verdict == "refuted") return "no gain worth acting on over " + part;
    return "whether they gain on " + part + " stays open";
  }
  if (claim->verdict == "supported") return "an effect that held up under confirmation";
  if (claim->verdict == "refuted") return "a prediction that confirmation refuted";
  if (claim->verdict == "equivalent")
    return std::all_of(study.claims().begin(), study.claims().end(),
                       [](const Entry& one) { return one.interaction || one.verdict == "equivalent"; })
               ? "no difference of practical size"
           : first_of_several ? "no difference of practical size between the first two"
                              : "no difference of practical size in the main comparison";
  return "a question that confirmation left open";
}

// As whose() says it, or the models of the main claim where the question is not about these.
std::string whose_claims(const Study& study) {
  const Entry* claim = study.main_claim();
  const auto beyond = claim ? models_beyond(study, *claim) : std::vector<std::string>{};
  return beyond.empty() ? whose(study) : listed(beyond);
}

constexpr std::size_t kMostInTitle = 3;

// What the claims compare, nearest to the question first: " with GELU, with ReLU and with tanh". A factor has its own
// name in a title where more of its levels were claimed, or other factors. The arms are the main claim's, whose verdict
// ends the title; further levels are named as such.
std::vector<std::string> claimed_sides(const Study& study, const std::string& preposition) {
  const std::string factor = text_of(study.scope(), "factor");
  std::vector<std::string> levels, sides;
  for (const Entry* claim : by_relevance(study)) {
    if (claim->factor != factor) return {};
    for (const bool treatment : {true, false}) {
      const std::string& level = treatment ? claim->treatment : claim->baseline;
      if (contains(levels, level)) continue;
      levels.push_back(level);
      const std::string side = claim != study.main_claim() ? told_level(study.manifest(), factor, level)
                               : treatment                 ? study.treatment(*claim)
                                                           : study.baseline(*claim);
      sides.push_back(preposition + side);
    }
  }
  return sides.size() > kMostInTitle ? std::vector<std::string>{} : sides;
}

// " on small datasets (handwritten digits)", " under label noise on the Wine recognition data": what the question says
// of its data alone would claim more than the one set that was used.
std::string on_data(const Study& study) {
  const std::string setting = study.setting_place(), data = study.data_name();
  if (setting.empty()) return data.empty() ? std::string{} : " on " + data;
  if (data.empty()) return setting;
  const bool closed = setting.rfind(" on ", 0) == 0 || setting.rfind(" where ", 0) == 0;
  return setting + (closed ? " (" + data + ")" : " on " + data);
}

}  // namespace

std::string title_of(const Author& author) {
  const Study& study = author.study;
  if (study.stacked())
    return "How " + study.factor_title() + " act together on the " + study.metric_title() + " of " + whose(study) +
           on_data(study) + ": " + verdict_of_paper(study, false);
  const std::string factor = text_of(study.scope(), "factor");
  const bool models = has_role(study.manifest(), factor, "model");
  const auto sides = claimed_sides(study, models ? "of " : "with ");
  const std::string end = on_data(study) + ": " + verdict_of_paper(study, sides.size() > 2);
  if (!sides.empty())
    return capitalised(study.metric_title()) + (models ? "" : " of " + whose_claims(study)) + " " + listed(sides) + end;
  return capitalised(study.factor_title()) + " and " + study.metric_title() +
         (models ? "" : " of " + whose_claims(study)) + end;
}

}  // namespace aisci::offline
