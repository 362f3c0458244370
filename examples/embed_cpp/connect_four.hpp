// Connect four on two bit boards: column c, row r is bit 7 c + r.
#pragma once

#include <cstdint>

struct ConnectFour {
  using Action = std::uint8_t;  // a column, 0..6
  static constexpr int kPlayers = 2;
  static constexpr int kMaxActions = 7;

  std::uint64_t mover = 0;  // stones of the player to move
  std::uint64_t all = 0;

  static constexpr std::uint64_t kBottom = 0x0000040810204081ULL;
  static constexpr std::uint64_t kBoard = kBottom * 63;

  int actions(Action* out) const {
    int count = 0;
    for (Action column = 0; column < 7; ++column)
      if (!(all >> (7 * column + 5) & 1)) out[count++] = column;
    return count;
  }
  void play(Action column) {
    mover ^= all;  // now the other player's turn
    all |= all + (std::uint64_t{1} << (7 * column));
  }
  bool over() const { return won(mover ^ all) || all == kBoard; }
  // For the player to move: the other has just won, or the board is full.
  double result() const { return won(mover ^ all) ? -1 : 0; }

  static bool won(std::uint64_t stones) {
    for (const int step : {1, 7, 6, 8}) {
      const std::uint64_t pairs = stones & (stones >> step);
      if (pairs & (pairs >> (2 * step))) return true;
    }
    return false;
  }
};
