using Microsoft.EntityFrameworkCore.Migrations;

#nullable disable

namespace ProfileService.Storage.Migrations.Postgres
{
    /// <inheritdoc />
    public partial class AttributesAndDimensions : Migration
    {
        /// <inheritdoc />
        protected override void Up(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.AddColumn<float>(name: "confidence", table: "profiles", type: "real", nullable: false, defaultValue: 0f);
            migrationBuilder.AddColumn<string>(name: "dimensions", table: "profiles", type: "json", nullable: true);

            migrationBuilder.CreateTable(
                name: "attributes",
                columns: table => new
                {
                    user_id = table.Column<string>(type: "text", nullable: false, collation: "C"),
                    attributes = table.Column<string>(type: "json", nullable: false),
                    updated_at = table.Column<DateTime>(type: "timestamp with time zone", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_attributes", x => x.user_id);
                });
        }

        /// <inheritdoc />
        protected override void Down(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.DropTable(name: "attributes");
            migrationBuilder.DropColumn(name: "dimensions", table: "profiles");
            migrationBuilder.DropColumn(name: "confidence", table: "profiles");
        }
    }
}
