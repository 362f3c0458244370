#include "question_refusal.hpp"

#include "document.hpp"

namespace aisci::offline {
namespace {

using Kind = Mention::Kind;

std::vector<std::string> studied(const std::vector<const json::object*>& templates) {
  std::vector<std::string> list;
  for (const auto* manifest : templates) {
    std::vector<std::string> factors;
    for (const auto& [name, value] : object_of(*manifest, "factors")) {
      if (!value.is_object()) continue;
      const auto& factor = value.get_object();
      std::vector<std::string> labels;
      for (const auto& level : level_names(factor)) labels.push_back(level_label(factor, level));
      factors.push_back(text_of(factor, "title", std::string{name}) + " (" + listed(labels, ", ") + ")");
    }
    list.push_back(text_of(*manifest, "title", text_of(*manifest, "name")) + ": the effect on " +
                   text_of(*manifest, "metric", "the metric") + " of " + listed(factors));
  }
  return list;
}

// What a question names and the best template does not offer, in words: with the template that offers it, where one
// does.
std::string not_offered_in(const Reading& best, const Wording& wording,
                           const std::vector<const json::object*>& templates) {
  std::vector<std::string> list;
  for (const auto& name : best.not_offered) {
    std::string elsewhere;
    const std::string folded = read_wording(name.substr(0, name.rfind(" ("))).text;
    for (const auto* manifest : templates) {
      if (manifest == best.manifest || !elsewhere.empty()) continue;
      for (const auto& mention : read_question(wording, *manifest).mentions)
        if (mention.kind != Kind::kForeign && mention.kind != Kind::kMetric &&
            wording.text.compare(mention.begin, folded.size(), folded) == 0)
          elsewhere = text_of(*manifest, "title");
    }
    list.push_back(name + (elsewhere.empty() ? "" : ", which belongs to \"" + elsewhere + "\""));
  }
  return listed(list);
}

}  // namespace

json::object refusal(const std::string& reason, const std::vector<const json::object*>& templates,
                     const Wording& wording) {
  json::array can;
  for (const auto& text : studied(templates)) can.emplace_back(text);
  return {{"answerable", false}, {"reason", reason}, {"can_study", std::move(can)}, {"language", wording.language}};
}

std::string not_offered_reason(const Reading& best, const Wording& wording,
                               const std::vector<const json::object*>& templates) {
  const std::string names = not_offered_in(best, wording, templates);
  if (names.find(", which belongs to") == std::string::npos)
    return "The question names what no template offers: " + names + ".";
  return "No template has all that the question names. \"" + text_of(*best.manifest, "title") + "\" does not offer " +
         names + ".";
}

}  // namespace aisci::offline
