import pandas


def main():
    pandas.read_csv("in.csv").to_parquet("out.parquet")


if __name__ == "__main__":
    main()
