// How the host scores predictions against labels that no program has seen.
//
//   AISCI_ASSIGN_OR_RETURN(const auto labels, read_labels(folder / "labels/validation.json"));
//   AISCI_ASSIGN_OR_RETURN(double r2, score_predictions("r2", predictions, labels, "trial t001"));
//
// Predictions are the member `predictions` of a trial's document: {"labels": [3, 1]} whole numbers, {"values": [0.5]}
// numbers, or {"probabilities": [[0.9, 0.1]]} a row of class probabilities for each input.
//
//   accuracy, error         labels          share of equal ones; one minus it; of rows of probabilities the likeliest
//   class r2, rmse, mae           values          1 - SS_residual / SS_total about the labels' mean; roots and means of
//   errors log_loss, perplexity    probabilities   mean of -ln p(true class), p kept above 1e-12; e to that power
//
// Thread safety: pure functions.
#pragma once

#include <aisci/status.hpp>
#include <filesystem>
#include <string>
#include <vector>

#include "base/json.hpp"

namespace aisci {

// The labels of a split, as the prepare step wrote them: {"labels": [numbers]}.
Result<std::vector<double>> read_labels(const std::filesystem::path& file);

// INVALID_ARGUMENT, beginning with `place`: the predictions are not what the rule reads, or do not fit the labels.
// UNIMPLEMENTED: there is no such rule; the message names those there are.
Result<double> score_predictions(std::string_view rule, const json::object& predictions,
                                 const std::vector<double>& labels, const std::string& place);

}  // namespace aisci
