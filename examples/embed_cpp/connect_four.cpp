// Plays connect four against itself with aisci's game search.
//
//   connect_four              a game, 20,000 simulations a move
//   connect_four --bench N    N simulations from the empty board, uniform priors and a constant evaluator
#include <aisci/mcts/game.hpp>

#include <charconv>
#include <chrono>
#include <cstdio>
#include <cstring>

#include "connect_four.hpp"

namespace {

using Search = aisci::mcts::GameSearch<ConnectFour>;

// How many simulations a word asks for; 0: it is no such number.
std::uint64_t simulations_of(const char* word) {
  std::uint64_t number = 0;
  const char* const end = word + std::strlen(word);
  const auto read = std::from_chars(word, end, number);
  return read.ec == std::errc{} && read.ptr == end ? number : 0;
}

int bench(std::uint64_t simulations) {
  Search search{ConnectFour{}};
  const auto start = std::chrono::steady_clock::now();
  search.simulate(simulations, aisci::mcts::uniform_evaluator);
  const double seconds = std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
  std::printf("sims %llu seconds %.4f sims/s %.0f\n", static_cast<unsigned long long>(simulations), seconds,
              static_cast<double>(simulations) / seconds);
  return search.visits() == simulations ? 0 : 1;
}

void print(const ConnectFour& state, bool first_to_move) {
  for (int row = 5; row >= 0; --row) {
    for (int column = 0; column < 7; ++column) {
      const std::uint64_t bit = std::uint64_t{1} << (7 * column + row);
      const bool movers = state.mover & bit;
      std::printf(" %c", !(state.all & bit) ? '.' : movers == first_to_move ? 'X' : 'O');
    }
    std::printf("\n");
  }
  std::printf("\n");
}

int play() {
  Search search{ConnectFour{}};
  bool first_to_move = true;
  while (!search.state().over()) {
    search.simulate(20000, aisci::mcts::uniform_evaluator);
    const auto column = search.best_action();
    std::printf("%c plays column %d, expects %+.2f\n", first_to_move ? 'X' : 'O', column + 1, search.value_of(column));
    search.advance(column);
    first_to_move = !first_to_move;
    print(search.state(), first_to_move);
  }
  std::printf("%s\n", search.state().result() == 0 ? "a draw" : first_to_move ? "O wins" : "X wins");
  return 0;
}

}  // namespace

int main(int count, char** words) {
  if (count == 3 && std::strcmp(words[1], "--bench") == 0)
    if (const std::uint64_t simulations = simulations_of(words[2])) return bench(simulations);
  if (count == 1) return play();
  std::fprintf(stderr, "usage: connect_four [--bench SIMULATIONS], a whole number of at least 1\n");
  return 2;
}
