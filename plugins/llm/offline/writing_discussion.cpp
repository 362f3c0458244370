// Analysis and discussion: the answer, what the search leaves around it, and how it sits with the literature.
#include "document.hpp"
#include "writing_author.hpp"

namespace aisci::offline {
namespace {

constexpr double kMost = 0.95;
constexpr double kNearlyAll = 0.99;  // from here on arms are told to fit what they learned from

// How well the arms of the claims fit what they learned from.
std::string fit_text(const Study& study) {
  const char *least = "study.least_training_accuracy", *most = "study.most_training_accuracy";
  if (!study.has_fact(least) || !study.has_fact(most)) return {};
  const bool one = text_of(study.fact(least), "text") == text_of(study.fact(most), "text");
  return std::string{" At the end of training, by their programs' own account, "} +
         (one ? "each arm of the " : "the arms of the ") + (study.claims().size() == 1 ? "claim" : "claims") + " had " +
         (one ? "" : "from {{study.least_training_accuracy}} to ") + "{{study.most_training_accuracy}} of " +
         (one ? "its" : "their") + " training " + study.terms().examples + " right, on average over blocks" +
         (number_of(study.fact(least), "value") >= kNearlyAll
              ? ": all of them fit " +
                    std::string{text_of(study.fact(least), "text") == "100.0%" ? "what" : "nearly all that"} +
                    " they were trained on, so no arm is behind for want of fitting it."
          : number_of(study.fact(least), "value") >= kMost ? ": training was nearly complete in every arm."
                                                           : ".");
}

}  // namespace

json::object discussion(Author& author) {
  const Study& study = author.study;
  json::array blocks;
  std::set<std::string> told;
  blocks.push_back(paragraph(answer_text(study, told)));
  for (auto& more : around(study, told)) blocks.push_back(paragraph(std::move(more)));
  show_levels(author, blocks);
  std::string training;
  for (const auto* finding : objects_of(study.document(), "findings"))
    if (text_of(*finding, "kind") == "training") training = text_of(*finding, "text");
  if (const std::string fit = fit_text(study); !fit.empty()) training += training.empty() ? fit.substr(1) : fit;
  std::string whose_curves = "one claim";
  for (const auto* figure : objects_of(study.document(), "figures"))
    for (const auto& claim : study.claims())
      if (text_of(*figure, "kind") == "curves" && text_of(*figure, "subject") == claim.id)
        whose_curves = study.name(claim);
  if (const std::string id = author.take_figure("curves"); !id.empty()) {
    blocks.push_back(paragraph((training.empty() ? std::string{} : training + " ") +
                               "How the training loss fell in the arms of " + whose_curves +
                               " is drawn in {{figure:" + id + "}}."));
    blocks.push_back(figure_block(id));
  } else if (!training.empty()) {
    blocks.push_back(paragraph(training));
  }
  if (const std::string records = literature(author, told); !records.empty()) blocks.push_back(paragraph(records));
  return section("discussion", "Analysis and discussion", std::move(blocks));
}

}  // namespace aisci::offline
