// Answer to ideation.scope: which template, factor, arms, context, setting and metric a question is about; or why no
// template can answer it, naming what is missing and what can be studied.
//
//   json::object scope = ideation_scope({{"question", "Does GELU beat ReLU in ViTs?"}, {"templates", manifests}});
//   text_of(scope, "factor")   // "activation"
//
// Wordings of one question, in any of five languages, negated or not, give the same factor, arms and direction: a claim
// that X is worse than Y is a claim that Y is better than X, and a denied claim is the same claim to be tested.
//
// Thread safety: a pure function.
// Since 0.1.
#pragma once

#include "kit/json.hpp"

namespace aisci::offline {

json::object ideation_scope(const json::object& input);

}  // namespace aisci::offline
