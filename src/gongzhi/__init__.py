"""Gongzhi (共治): the working system of a city district's neighbourhood governance."""

__version__ = "0.1.0"
