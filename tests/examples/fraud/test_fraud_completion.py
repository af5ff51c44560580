import io
import json
import unittest
from pathlib import Path

from fraud_example import EXAMPLE, FIRST, REPOSITORY
import numpy as np
import onnx
import pandas as pd
from completion import digest
from evidence import probe_csv, probe_rows
from features import FEATURES
from models import VARIANTS, one_score, to_onnx, train
from onnx.reference import ReferenceEvaluator
from publish import policy
from skl2onnx import convert_sklearn
from skl2onnx.common.data_types import FloatTensorType
from sklearn.linear_model import LogisticRegression


def scored(artifact: bytes, x: np.ndarray) -> np.ndarray:
    return ReferenceEvaluator(onnx.load_from_string(artifact)).run(["score"], {"features": x})[0]


def rows_with_nulls() -> tuple[np.ndarray, np.ndarray]:
    draw = np.random.default_rng(7)
    x = draw.normal(size=(400, len(FEATURES))).astype(np.float32)
    y = (x[:, 0] + draw.normal(size=400) > 1).astype(int)
    x[::10, FEATURES.index("merchant_risk")] = np.nan
    return x, y


class First(unittest.TestCase):
    def setUp(self):
        self.event = json.loads((FIRST / "completion.json").read_text())
        self.data = self.event["data"]

    def test_it_names_the_files_beside_it(self):
        artifact = (FIRST / "model.onnx").read_bytes()
        self.assertEqual(self.data["artifact"], {"digest": digest(artifact), "size": len(artifact)})
        self.assertEqual(self.data["probe"]["digest"], digest((FIRST / "probe.csv").read_bytes()))
        self.assertEqual(self.data["reference"]["digest"], digest((FIRST / "reference.json").read_bytes()))

    def test_the_probe_has_the_columns_of_the_signature_then_the_score(self):
        header = (FIRST / "probe.csv").read_text().splitlines()[0].split(",")
        self.assertEqual(header, [column["name"] for column in self.data["signature"]["inputs"]] + ["score"])

    def test_the_artifact_scores_as_its_trainer_said_nulls_included(self):
        probe = pd.read_csv(FIRST / "probe.csv").astype(np.float32)
        self.assertTrue(probe.isna().any(axis=None))
        got = scored((FIRST / "model.onnx").read_bytes(), probe[FEATURES].to_numpy())
        np.testing.assert_allclose(got[:, 0], probe.score, atol=1e-5)

    def test_the_reference_describes_every_feature_and_the_score(self):
        reference = json.loads((FIRST / "reference.json").read_text())
        self.assertEqual(list(reference["features"]), FEATURES)
        self.assertEqual(reference["score"]["nulls"], 0)


class Models(unittest.TestCase):
    def test_without_an_imputer_a_null_becomes_no_number(self):
        x, y = rows_with_nulls()
        whole = ~np.isnan(x).any(axis=1)
        artifact = to_onnx(VARIANTS["v4"], train(VARIANTS["v4"], x[whole], y[whole], seed=7))
        np.testing.assert_array_equal(np.isnan(scored(artifact, x)[:, 0]), ~whole)

    def test_the_same_training_gives_the_same_bytes(self):
        x, y = rows_with_nulls()
        once, again = (to_onnx(VARIANTS["v1"], train(VARIANTS["v1"], x, y, seed=7)) for _ in range(2))
        self.assertEqual(once, again)

    def test_a_model_that_answers_with_a_map_is_refused(self):
        x, y = rows_with_nulls()
        inputs = [("features", FloatTensorType([None, len(FEATURES)]))]
        with_map = convert_sklearn(LogisticRegression().fit(np.nan_to_num(x), y), initial_types=inputs)
        with self.assertRaisesRegex(ValueError, "zipmap off"):
            one_score(with_map)


def pins(file: Path) -> dict[str, str]:
    return dict(word.split("==") for word in file.read_text().split() if "==" in word)


class Files(unittest.TestCase):
    def test_the_example_and_dev_setup_pin_the_same_releases(self):
        asked, installed = pins(EXAMPLE / "requirements.txt"), pins(REPOSITORY / "dev.d" / "setup" / "requirements.txt")
        self.assertEqual(asked, asked | {name: installed[name] for name in asked.keys() & installed.keys()})

    def test_a_null_is_an_empty_cell(self):
        x, _ = rows_with_nulls()
        probes = probe_rows(x)
        table = pd.read_csv(io.BytesIO(probe_csv(probes, np.zeros(len(probes)))))
        np.testing.assert_array_equal(table[FEATURES].to_numpy(np.float32), probes)
        self.assertGreater(np.isnan(probes).any(axis=1).sum(), 0)

    def test_the_policy_gets_the_digest_of_the_evaluation_rows(self):
        filled = policy(digest(b"rows"))
        self.assertIn(f'digest: "{digest(b"rows")}"', filled)
        self.assertNotIn("@", filled)


if __name__ == "__main__":
    unittest.main()
