// sluice-scorer: opens and scores a model where a crash harms nobody. It reads one request from stdin and writes one
// answer to stdout; a model's or a file's fault is an answer, too. Its parent sets the limits.
#include "services/evaluator/scorer/refusal.hpp"
#include "services/evaluator/scorer/scorer.hpp"

#include <unistd.h>

#include <cstdlib>
#include <iostream>
#include <iterator>
#include <new>

int main() {
    std::set_new_handler([] { ::_exit(sluice::app::exit_out_of_memory); });
    const std::string request{std::istreambuf_iterator<char>(std::cin), {}};
    try {
        std::cout << sluice::scorer::answer(request) << std::endl;
    } catch (const sluice::scorer::TryAgain& trouble) {
        std::cerr << trouble.what();
        return sluice::app::exit_try_again;
    } catch (const std::bad_alloc&) {
        return sluice::app::exit_out_of_memory;
    }
    return std::cout ? EXIT_SUCCESS : EXIT_FAILURE;
}
