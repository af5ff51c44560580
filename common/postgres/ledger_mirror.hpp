#pragma once
#include "common/postgres/connection.hpp"
#include "common/runtime/mirror_store.hpp"

namespace sluice::postgres {

/// The tables ledger.record, ledger.fact and ledger.mirror_position of migrations/. Postgres text cannot hold the
/// character NUL: in ledger.fact it stands as U+FFFD; the record keeps the bytes.
class LedgerMirror final : public runtime::MirrorStore {
public:
    explicit LedgerMirror(std::string url, std::string topic = "sluice.ledger");

    core::Result<runtime::MirrorPlace> place() override;
    core::Result<std::vector<runtime::Echo>> append(const runtime::MirrorBatch& batch) override;

private:
    Connection connection_;
    std::string topic_;
};

}  // namespace sluice::postgres
