import numpy as np

from station.core.waveform import Waveform


def test_a_waveform_knows_the_time_of_each_sample_and_its_length() -> None:
    wave = Waveform(np.zeros(4), 0.5, -1.0, 0.004, clipped=False, source="CHAN1")

    assert [-1.0, -0.5, 0.0, 0.5] == wave.times.tolist()
    assert 2.0 == wave.span
