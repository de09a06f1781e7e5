using Microsoft.EntityFrameworkCore.Migrations;

#nullable disable

namespace ProfileService.Storage.Migrations.Sqlite
{
    /// <inheritdoc />
    public partial class AttributesAndDimensions : Migration
    {
        /// <inheritdoc />
        protected override void Up(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.AddColumn<float>(name: "confidence", table: "profiles", type: "REAL", nullable: false, defaultValue: 0f);
            migrationBuilder.AddColumn<string>(name: "dimensions", table: "profiles", type: "TEXT", nullable: true);

            migrationBuilder.CreateTable(
                name: "attributes",
                columns: table => new
                {
                    user_id = table.Column<string>(type: "TEXT", nullable: false),
                    attributes = table.Column<string>(type: "TEXT", nullable: false),
                    updated_at = table.Column<DateTime>(type: "TEXT", nullable: false)
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
