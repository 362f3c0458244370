// Figures over the levels of factors, with what is to be seen there.
#include <algorithm>
#include <iterator>
#include <map>

#include "document.hpp"
#include "hypotheses_proposal.hpp"
#include "question_text.hpp"
#include "writing_author.hpp"

namespace aisci::offline {
namespace {

// Whether the means of the figure over one factor's levels rise or fall throughout; the level they were held against is
// at zero.
bool graded(const Study& study) {
  std::map<double, double> means;
  for (const auto* figure : objects_of(study.document(), "figures")) {
    if (text_of(*figure, "kind") != "dose") continue;
    const auto& data = object_of(*figure, "data");
    if (const json::value* reference = find_member(data, "reference")) means[as_number(*reference)] = 0;
    for (const auto* level : objects_of(data, "levels")) means[number_of(*level, "level")] = number_of(*level, "mean");
  }
  int up = 0, down = 0;
  for (auto it = means.begin(); it != means.end() && std::next(it) != means.end(); ++it)
    ++(std::next(it)->second >= it->second ? up : down);
  return up == 0 || down == 0;
}

// What that figure shows of a response to the factor.
std::string response_shown(const Study& study) {
  std::vector<std::string> clear;
  bool above = false, below = false;
  for (const auto* figure : objects_of(study.document(), "figures"))
    if (text_of(*figure, "kind") == "dose")
      for (const auto* level : objects_of(object_of(*figure, "data"), "levels"))
        if (const json::value* value = find_member(*level, "level");
            value && (number_of(*level, "lower") > 0 || number_of(*level, "upper") < 0)) {
          (number_of(*level, "lower") > 0 ? above : below) = true;
          clear.push_back(level_phrase(study.manifest(), text_of(study.scope(), "factor"), level_name(*value)));
        }
  if (clear.empty()) return "all intervals in it hold zero, so no direction is to be read from it.";
  return std::string{graded(study) ? ""
                                   : "the means change direction, which chance alone may do to a monotone response; "} +
         (clear.size() == 1 ? "the interval of " + listed(clear) + " alone leaves zero out."
                            : "the intervals of " + listed(clear) + " leave zero out" +
                                  (above && below ? ", on opposite sides of it." : "."));
}

const json::object& data_of_figure(const Study& study, std::string_view kind) {
  static const json::object kNone;
  for (const auto* figure : objects_of(study.document(), "figures"))
    if (text_of(*figure, "kind") == kind) return object_of(*figure, "data");
  return kNone;
}

// The level that the others are held against there: "no warm-up".
std::string reference_drawn(const Study& study) {
  const json::value* reference = find_member(data_of_figure(study, "dose"), "reference");
  return reference ? level_phrase(study.manifest(), text_of(study.scope(), "factor"), level_name(*reference))
                   : "one of them";
}

// "the accuracy for GELU and for ReLU over the number of training images"
std::string arms_drawn(const Study& study) {
  const auto& data = data_of_figure(study, "sizes");
  std::vector<std::string> arms;
  for (const auto* arm : objects_of(data, "arms"))
    arms.push_back("for " + told_level(study.manifest(), text_of(study.scope(), "factor"), text_of(*arm, "id")));
  return "the " + study.metric_title() + " " + listed(arms) + " over " +
         with_article(text_of(data, "factor", "setting"));
}
// "two levels of the activation function beside each other by architecture"
std::string cells_drawn(const Study& study) {
  const auto& data = data_of_figure(study, "heat");
  return "two levels of " + with_article(text_of(data, "row_factor", "factor under study")) +
         " beside each other, by " + text_of(data, "column_factor", "setting");
}

// What confirmation came to for the pairs of levels that this figure holds: it is drawn from the search alone.
std::string confirmed_of(const Study& study) {
  const auto& data = data_of_figure(study, "dose");
  const json::value* reference = find_member(data, "reference");
  const auto drawn = [&](const std::string& level) {
    const auto levels = objects_of(data, "levels");
    return (reference && level_name(*reference) == level) ||
           std::any_of(levels.begin(), levels.end(), [&](const json::object* one) {
             const json::value* at = find_member(*one, "level");
             return at && level_name(*at) == level;
           });
  };
  std::vector<const Entry*> confirmed;
  for (const Entry* claim : by_relevance(study))
    if (claim->known && !claim->interaction && !claim->supported() && study.peculiarity(*claim).empty() &&
        drawn(claim->treatment) && drawn(claim->baseline))
      confirmed.push_back(claim);
  if (confirmed.empty()) return {};
  std::vector<std::string> verdicts;
  for (const Entry* claim : confirmed) verdicts.push_back(study.name(*claim) + " ({{verdict:" + claim->id + "}})");
  return confirmed.size() == 1 ? " For " + study.sides(*confirmed.front(), " and ") +
                                     " these are estimates of the search; the claim on that pair in this setting is " +
                                     verdicts.front() + "."
                               : " These are estimates of the search; the claims on such pairs in this setting are " +
                                     listed(verdicts) + ".";
}

}  // namespace

void show_levels(Author& author, json::array& blocks) {
  const Study& study = author.study;
  std::vector<std::string> ids;
  std::string text;
  const auto show = [&](const char* kind, const std::string& before, const std::string& after) {
    const std::string id = author.take_figure(kind);
    if (id.empty()) return;
    text += (text.empty() ? "" : " ") + before + "{{figure:" + id + "}}" + after;
    ids.push_back(id);
  };
  show("sizes", "", " draws " + arms_drawn(study) + ", as a picture and not as a test.");
  show("dose", "",
       " sets each level of " + study.the_factor() + " that the search ran in the usual setting against " +
           reference_drawn(study) + ", inside blocks; " + response_shown(study) + confirmed_of(study));
  show("heat", "", " sets " + cells_drawn(study) + ".");
  if (text.empty()) return;
  blocks.push_back(paragraph(text));
  for (const auto& id : ids) blocks.push_back(figure_block(id));
}

}  // namespace aisci::offline
