#include "question_refusal.hpp"

#include <algorithm>

#include "document.hpp"

namespace aisci::offline {
namespace {

using Kind = Mention::Kind;

// The variants of a template, which differ in their data, are told of together.
using Variants = std::vector<const json::object*>;
std::vector<Variants> by_template(const std::vector<const json::object*>& templates) {
  const auto base = [](const json::object& manifest) {
    const std::string name = text_of(manifest, "name");
    return name.substr(0, name.find('/'));
  };
  std::vector<Variants> groups;
  for (const auto* manifest : templates) {
    const auto same = std::find_if(groups.begin(), groups.end(),
                                   [&](const Variants& group) { return base(*group.front()) == base(*manifest); });
    if (same == groups.end())
      groups.push_back({manifest});
    else
      same->push_back(manifest);
  }
  return groups;
}

// What `tell` says of each variant, every saying once.
template <typename Tell>
std::vector<std::string> said_once(const Variants& variants, Tell tell) {
  std::vector<std::string> said;
  for (const auto* manifest : variants)
    if (const std::string text = tell(*manifest); !text.empty() && !contains(said, text)) said.push_back(text);
  return said;
}

std::string labels_of(const json::object& factor) {
  std::vector<std::string> labels;
  for (const auto& level : level_names(factor)) labels.push_back(level_label(factor, level));
  return listed(labels, ", ");
}

std::vector<std::string> studied(const std::vector<const json::object*>& templates) {
  std::vector<std::string> list;
  for (const auto& variants : by_template(templates)) {
    std::vector<std::string> names;  // of the factors of any variant, in their order
    for (const auto* manifest : variants)
      for (const auto& [name, value] : object_of(*manifest, "factors"))
        if (value.is_object() && !contains(names, std::string{name})) names.emplace_back(name);
    std::vector<std::string> factors;
    for (const auto& name : names) {
      const auto factor = [&](const json::object& manifest) -> const json::object& {
        return object_of(object_of(manifest, "factors"), name);
      };
      const auto titles = said_once(variants, [&](const auto& manifest) { return text_of(factor(manifest), "title"); });
      const auto labels = said_once(variants, [&](const auto& manifest) { return labels_of(factor(manifest)); });
      factors.push_back((titles.empty() ? name : titles.front()) + " (" + listed(labels, "; or ", "; or ") + ")");
    }
    const auto titles =
        said_once(variants, [](const auto& manifest) { return text_of(manifest, "title", text_of(manifest, "name")); });
    const auto metrics =
        said_once(variants, [](const auto& manifest) { return text_of(manifest, "metric", "the metric"); });
    const auto which = said_once(variants, [](const auto& manifest) { return text_of(manifest, "name"); });
    list.push_back(listed(titles) + (which.size() > 1 ? " (" + listed(which) + ")" : "") + ": the effect on " +
                   listed(metrics, " or ") + " of " + listed(factors));
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
