#include "tasks.hpp"

#include <utility>

#include "analysis.hpp"
#include "design.hpp"
#include "hypotheses.hpp"
#include "question.hpp"
#include "repair.hpp"
#include "review.hpp"
#include "writing.hpp"

namespace aisci::offline {
namespace {

constexpr std::pair<std::string_view, Answer> kTasks[] = {
    {"analysis.findings", analysis_findings},
    {"design.plan", design_plan},
    {"design.repair", design_repair},
    {"ideation.hypotheses", ideation_hypotheses},
    {"ideation.refine", ideation_refine},
    {"ideation.scope", ideation_scope},
    {"review.meta", review_meta},
    {"review.review", review_review},
    {"writing.paper", writing_paper},
    {"writing.revise", writing_revise},
};

}  // namespace

const Answer* answer_to(std::string_view task) {
  for (const auto& entry : kTasks)
    if (entry.first == task) return &entry.second;
  return nullptr;
}

std::vector<std::string> task_names() {
  std::vector<std::string> names;
  for (const auto& entry : kTasks) names.emplace_back(entry.first);
  return names;
}

}  // namespace aisci::offline
