// Why a question is refused, and what can be asked instead.
//
// Since 0.1.
#pragma once

#include <string>
#include <vector>

#include "question_reading.hpp"

namespace aisci::offline {

// The scope document of a question that no template answers: the reason, and what each template can study.
json::object refusal(const std::string& reason, const std::vector<const json::object*>& templates,
                     const Wording& wording);
// The reason where the question names what the best template does not offer: each name, with the template that has it.
std::string not_offered_reason(const Reading& best, const Wording& wording,
                               const std::vector<const json::object*>& templates);

}  // namespace aisci::offline
