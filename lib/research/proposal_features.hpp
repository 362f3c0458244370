// A hypothesis as numbers, so that the search can compare proposals with what was tried.
#pragma once

#include <vector>

#include "base/json.hpp"

namespace aisci {

// Of every factor of the template: whether the hypothesis tests it, whether it moderates, and for each level 1 where
// the treatment or the context has it and -1 where the baseline does. Then the statement's words, hashed into 16 signed
// counts of length 1 in all (feature hashing; Weinberger et al., ICML 2009). Always of one size for one template.
std::vector<double> proposal_features(const json::object& hypothesis, const json::object& template_document);

}  // namespace aisci
